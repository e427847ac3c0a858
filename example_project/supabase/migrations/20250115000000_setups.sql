-- What an account takes along outdoors.
CREATE TYPE public.category AS ENUM ('overlanding', 'van-life', 'car-camping', 'backpacking');

CREATE TABLE public.plans (
    name text PRIMARY KEY,
    most_setups integer NOT NULL CHECK (most_setups > 0)
);

CREATE TABLE public.setups (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id uuid NOT NULL REFERENCES public.accounts ON DELETE CASCADE,
    title text NOT NULL CHECK (length(title) BETWEEN 3 AND 120),
    category public.category NOT NULL,
    is_public boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX setups_account_id ON public.setups (account_id);

CREATE FUNCTION kit.may_edit(account uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT public.has_role_on_account(account) OR EXISTS (
        SELECT FROM public.accounts a
        WHERE a.id = account AND a.is_personal_account AND a.primary_owner_user_id = (SELECT auth.uid()))
$$;
GRANT USAGE ON SCHEMA kit TO authenticated;
GRANT EXECUTE ON FUNCTION kit.may_edit TO authenticated;

ALTER TABLE public.plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.setups ENABLE ROW LEVEL SECURITY;

CREATE POLICY plans_read ON public.plans FOR SELECT USING (true);
CREATE POLICY setups_public ON public.setups FOR SELECT USING (is_public);
CREATE POLICY setups_own ON public.setups TO authenticated
    USING (kit.may_edit(account_id)) WITH CHECK (kit.may_edit(account_id));
-- Nobody takes down what others have built without having signed in with a second factor.
CREATE POLICY setups_delete_with_second_factor ON public.setups AS RESTRICTIVE FOR DELETE TO authenticated
    USING ((SELECT auth.jwt() ->> 'aal') = 'aal2');
