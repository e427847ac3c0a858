-- The roles that every Supabase project finds. Roles belong to the whole server: what is there already stays as it is.
DO $roles$
DECLARE
    wanted record;
    made text[] := '{}';
BEGIN
    FOR wanted IN
        SELECT r.name, r.options FROM (VALUES
            -- What an API key without a user, one with a user, and the secret key act as.
            ('anon', 'NOLOGIN'),
            ('authenticated', 'NOLOGIN'),
            ('service_role', 'NOLOGIN BYPASSRLS'),
            -- PostgREST logs in as this one, and becomes one of the three.
            ('authenticator', 'LOGIN NOINHERIT'),
            -- The owner of a project's tables, who is no superuser there.
            ('postgres', 'LOGIN CREATEDB CREATEROLE BYPASSRLS'),
            ('dashboard_user', 'NOLOGIN CREATEDB CREATEROLE'),
            -- Supabase's services.
            ('supabase_admin', 'NOLOGIN CREATEDB CREATEROLE BYPASSRLS'),
            ('supabase_auth_admin', 'LOGIN NOINHERIT CREATEROLE'),
            ('supabase_storage_admin', 'LOGIN NOINHERIT CREATEROLE'),
            ('supabase_functions_admin', 'LOGIN NOINHERIT CREATEROLE'),
            ('supabase_realtime_admin', 'NOLOGIN NOINHERIT')
        ) AS r (name, options)
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = r.name)
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.options);
            EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.name, 'made by pytest-supaseed for a Supabase project');
            made := made || wanted.name;
        EXCEPTION
            -- Another process has come first.
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                RAISE insufficient_privilege USING
                    MESSAGE = format(
                        'a Supabase project expects the role %I, and %I may not create it (%s)',
                        wanted.name, current_user, SQLERRM),
                    HINT = format('Have a superuser run: CREATE ROLE %I %s;', wanted.name, wanted.options);
        END;
    END LOOP;
    FOR wanted IN
        SELECT g.role, g.member FROM (VALUES
            ('anon', 'authenticator'), ('authenticated', 'authenticator'), ('service_role', 'authenticator'),
            ('anon', 'postgres'), ('authenticated', 'postgres'), ('service_role', 'postgres'),
            ('anon', 'supabase_storage_admin'), ('authenticated', 'supabase_storage_admin'),
            ('service_role', 'supabase_storage_admin'), ('authenticator', 'supabase_storage_admin'),
            ('supabase_auth_admin', 'postgres'), ('supabase_storage_admin', 'postgres'),
            ('supabase_realtime_admin', 'postgres'), ('supabase_functions_admin', 'postgres'),
            -- Whoever made them acts as each of them in tests.
            ('anon', current_user), ('authenticated', current_user), ('service_role', current_user),
            ('supabase_auth_admin', current_user), ('supabase_storage_admin', current_user),
            ('supabase_realtime_admin', current_user)
        ) AS g (role, member)
        WHERE g.role = ANY (made) AND NOT pg_has_role(g.member, g.role, 'MEMBER')
    LOOP
        EXECUTE format('GRANT %I TO %I', wanted.role, wanted.member);
    END LOOP;
END
$roles$;
