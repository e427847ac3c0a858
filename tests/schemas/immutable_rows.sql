-- Rows whose columns triggers call immutable, where the rows of other tables want them otherwise.
CREATE FUNCTION immutable() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE name text; was text; is_now text; BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        EXECUTE format('SELECT ($1).%I::text', name) INTO was USING old;
        EXECUTE format('SELECT ($1).%I::text', name) INTO is_now USING new;
        IF was IS DISTINCT FROM is_now THEN
            RAISE EXCEPTION 'immutable column: %', name;
        END IF;
    END LOOP;
    RETURN new;
END $$;

-- A constant in a column that references another table: don't take workers of another kind.
CREATE TABLE kinds (name text PRIMARY KEY);
INSERT INTO kinds VALUES ('plain'), ('keyed');
CREATE TABLE workers (id serial PRIMARY KEY, kind text NOT NULL REFERENCES kinds DEFAULT 'plain', note text);
CREATE TRIGGER immutable BEFORE UPDATE ON workers FOR EACH ROW EXECUTE FUNCTION immutable('id', 'kind');
CREATE TABLE badges (id serial PRIMARY KEY, worker_id int NOT NULL REFERENCES workers, remark text);
CREATE FUNCTION of_keyed_worker() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    -- It isn't one of the worker's own conditions.
    PERFORM FROM workers WHERE kind = 'keyed' AND id = new.worker_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'worker % is not keyed', new.worker_id;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER of_keyed_worker BEFORE INSERT ON badges FOR EACH ROW EXECUTE FUNCTION of_keyed_worker();

-- Two tables that reference each other.
CREATE TABLE stores (id serial PRIMARY KEY, credential_id int NOT NULL);
CREATE TABLE credentials (
    id serial PRIMARY KEY, store_id int NOT NULL UNIQUE REFERENCES stores DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE stores ADD FOREIGN KEY (credential_id) REFERENCES credentials DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER immutable BEFORE UPDATE ON stores FOR EACH ROW EXECUTE FUNCTION immutable('id', 'credential_id');
CREATE TRIGGER immutable BEFORE UPDATE ON credentials FOR EACH ROW EXECUTE FUNCTION immutable('id', 'store_id');

-- The same, where a trigger makes the credentials.
CREATE TABLE vaults (id serial PRIMARY KEY, secret_id int NOT NULL);
CREATE TABLE secrets (
    id serial PRIMARY KEY, vault_id int NOT NULL UNIQUE REFERENCES vaults DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE vaults ADD FOREIGN KEY (secret_id) REFERENCES secrets DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER immutable BEFORE UPDATE ON secrets FOR EACH ROW EXECUTE FUNCTION immutable('id', 'vault_id');
CREATE TABLE hidden_secrets (id int PRIMARY KEY REFERENCES secrets, vault_id int NOT NULL, content bytea NOT NULL);
CREATE FUNCTION secret() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO secrets
        (id, vault_id)
    VALUES
        (new.id, new.vault_id);
    RETURN new;
END $$;
CREATE TRIGGER secret BEFORE INSERT ON hidden_secrets FOR EACH ROW EXECUTE FUNCTION secret();

-- A value that is copied from a row which is looked up.
CREATE DOMAIN long_name AS text CHECK (length(VALUE) > 10);
CREATE TABLE roots (id serial PRIMARY KEY, scope varchar(20) NOT NULL UNIQUE);
CREATE TRIGGER immutable BEFORE UPDATE ON roots FOR EACH ROW EXECUTE FUNCTION immutable('id', 'scope');
CREATE TABLE leaves (id serial PRIMARY KEY, root_id int NOT NULL REFERENCES roots, scope long_name NOT NULL);
CREATE FUNCTION scope_of_root() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT roots.scope INTO new.scope FROM roots WHERE roots.id = new.root_id;
    RETURN new;
END $$;
CREATE TRIGGER scope_of_root BEFORE INSERT ON leaves FOR EACH ROW EXECUTE FUNCTION scope_of_root();

-- Two references that have to agree by columns of other names.
CREATE TABLE orgs (id serial PRIMARY KEY);
CREATE TABLE projects (id serial PRIMARY KEY, parent_id int NOT NULL REFERENCES orgs);
CREATE TABLE roles (id serial PRIMARY KEY, scope_id int NOT NULL REFERENCES orgs, kind text NOT NULL, UNIQUE (id, kind));
CREATE TABLE grants (
    role_id int REFERENCES roles, project_id int REFERENCES projects, PRIMARY KEY (role_id, project_id)
);
CREATE FUNCTION of_one_org() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM FROM projects JOIN roles ON roles.scope_id = projects.parent_id
    WHERE projects.id = new.project_id AND roles.id = new.role_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'project % not found', new.project_id;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER of_one_org BEFORE INSERT ON grants FOR EACH ROW EXECUTE FUNCTION of_one_org();

-- A base row that is inserted where it is missing, though the marker asks for as many.
CREATE TABLE methods (id serial PRIMARY KEY);
CREATE TABLE web_methods (id int PRIMARY KEY REFERENCES methods);
CREATE TABLE accounts (id serial PRIMARY KEY, method_id int NOT NULL REFERENCES methods, UNIQUE (method_id, id));
CREATE TABLE web_accounts (
    id int PRIMARY KEY, method_id int NOT NULL REFERENCES web_methods,
    FOREIGN KEY (method_id, id) REFERENCES accounts (method_id, id)
);
CREATE FUNCTION account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO accounts (id, method_id) VALUES (new.id, new.method_id) ON CONFLICT DO NOTHING;
    RETURN new;
END $$;
CREATE TRIGGER account BEFORE INSERT ON web_accounts FOR EACH ROW EXECUTE FUNCTION account();
