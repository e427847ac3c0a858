-- The schemas that Supabase brings, and what its roles may do in them.
CREATE SCHEMA extensions;
CREATE SCHEMA auth;
CREATE SCHEMA storage;
CREATE SCHEMA realtime;
CREATE SCHEMA graphql;
CREATE SCHEMA graphql_public;
CREATE SCHEMA vault;
CREATE SCHEMA supabase_migrations;
CREATE SCHEMA supabase_functions;

GRANT USAGE ON SCHEMA public, extensions, storage, realtime, graphql, graphql_public
    TO postgres, anon, authenticated, service_role;
GRANT USAGE ON SCHEMA auth TO postgres, anon, authenticated, service_role, dashboard_user;
GRANT USAGE ON SCHEMA vault, supabase_functions TO postgres, service_role;
GRANT ALL ON SCHEMA public, extensions TO postgres;
GRANT ALL ON SCHEMA auth TO supabase_auth_admin, dashboard_user;
GRANT ALL ON SCHEMA storage TO supabase_storage_admin, dashboard_user;
GRANT ALL ON SCHEMA extensions TO dashboard_user;
GRANT ALL ON SCHEMA realtime TO supabase_realtime_admin;

-- Whatever a migration makes in these schemas is open to the API's roles: policies are what keeps them out.
ALTER DEFAULT PRIVILEGES IN SCHEMA public, storage, graphql, graphql_public, supabase_functions
    GRANT ALL ON TABLES TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public, storage, graphql, graphql_public, supabase_functions
    GRANT ALL ON ROUTINES TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public, storage, graphql, graphql_public, supabase_functions
    GRANT ALL ON SEQUENCES TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA auth, realtime GRANT ALL ON TABLES TO postgres, dashboard_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA auth, realtime GRANT ALL ON ROUTINES TO postgres, dashboard_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA auth, realtime GRANT ALL ON SEQUENCES TO postgres, dashboard_user;

-- A migration may say SET ROLE postgres: what it makes then is open, too.
DO $privileges$
DECLARE
    owner text;
    kind text;
BEGIN
    FOREACH owner IN ARRAY ARRAY['postgres', 'supabase_admin'] LOOP
        CONTINUE WHEN owner = current_user OR NOT pg_has_role(owner, 'MEMBER');
        FOREACH kind IN ARRAY ARRAY['TABLES', 'ROUTINES', 'SEQUENCES'] LOOP
            EXECUTE format(
                'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public, storage, graphql_public '
                'GRANT ALL ON %s TO postgres, anon, authenticated, service_role', owner, kind);
        END LOOP;
    END LOOP;
END
$privileges$;
