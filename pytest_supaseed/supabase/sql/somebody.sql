-- A request of a user by number, for as long as the transaction lasts: what auth.uid() looks at, and what PostgREST sets
-- besides.
SELECT set_config('request.headers', '{}', true), set_config('request.method', 'POST', true),
    set_config('request.path', '/', true), set_config('request.cookies', '{}', true),
    set_config('request.jwt.claims', json_build_object(
        'sub', id, 'role', 'authenticated', 'aud', 'authenticated', 'email', email, 'phone', coalesce(phone, ''),
        'app_metadata', raw_app_meta_data, 'user_metadata', raw_user_meta_data)::text, true)
FROM auth.users ORDER BY id
LIMIT 1 OFFSET %(number)s %% (SELECT greatest(count(*), 1) FROM auth.users)
