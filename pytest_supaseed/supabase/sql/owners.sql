-- Who owns what Supabase brings, as far as the role that prepares the database may say so.
DO $owners$
DECLARE
    belonging record;
    which record;
BEGIN
    FOR belonging IN
        SELECT b.name, b.owner FROM (VALUES
            ('auth', 'supabase_auth_admin'),
            ('storage', 'supabase_storage_admin'),
            ('realtime', 'supabase_realtime_admin')
        ) AS b (name, owner)
        WHERE pg_has_role(b.owner, 'MEMBER')
    LOOP
        FOR which IN
            SELECT format('TABLE %s', oid::regclass) AS what FROM pg_class
            WHERE relnamespace = belonging.name::regnamespace AND relkind IN ('r', 'p')
            UNION ALL
            SELECT format('FUNCTION %s', oid::regprocedure) FROM pg_proc
            WHERE pronamespace = belonging.name::regnamespace
            UNION ALL
            SELECT format('TYPE %s', oid::regtype) FROM pg_type
            WHERE typnamespace = belonging.name::regnamespace AND typtype = 'e'
        LOOP
            EXECUTE format('ALTER %s OWNER TO %I', which.what, belonging.owner);
        END LOOP;
    END LOOP;
END
$owners$;

-- To own them is not needed to fill and to read them.
GRANT ALL ON ALL TABLES IN SCHEMA auth, realtime TO postgres, dashboard_user;
GRANT ALL ON ALL ROUTINES IN SCHEMA auth, realtime TO postgres, dashboard_user;
GRANT ALL ON ALL SEQUENCES IN SCHEMA auth TO postgres, dashboard_user;
GRANT ALL ON ALL TABLES IN SCHEMA storage TO postgres;
GRANT ALL ON ALL TABLES IN SCHEMA supabase_migrations, supabase_functions TO postgres;
