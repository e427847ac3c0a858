-- Pictures of setups: a folder for each account, which everybody may look at.
INSERT INTO storage.buckets (id, name, public) VALUES ('setup_pictures', 'setup_pictures', true);

CREATE POLICY setup_pictures_own ON storage.objects FOR INSERT TO authenticated
    WITH CHECK (bucket_id = 'setup_pictures' AND kit.may_edit((storage.foldername(name))[1]::uuid));
CREATE POLICY setup_pictures_read ON storage.objects FOR SELECT USING (bucket_id = 'setup_pictures');

-- Who watches a setup is told of changes.
ALTER PUBLICATION supabase_realtime ADD TABLE public.setups;
