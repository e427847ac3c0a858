-- Accounts in MakerKit's manner: everybody has a personal one, and may have teams.
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA extensions;

-- For what the API is not to call.
CREATE SCHEMA kit;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM anon;

CREATE TABLE public.accounts (
    id uuid PRIMARY KEY DEFAULT extensions.uuid_generate_v4(),
    primary_owner_user_id uuid NOT NULL DEFAULT auth.uid() REFERENCES auth.users ON DELETE CASCADE,
    name varchar(255) NOT NULL,
    slug text UNIQUE,
    email varchar(320) UNIQUE,
    is_personal_account boolean NOT NULL DEFAULT false,
    picture_url varchar(1000),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_slug_null_if_personal_account_true
        CHECK ((is_personal_account AND slug IS NULL) OR (NOT is_personal_account AND slug IS NOT NULL))
);
CREATE UNIQUE INDEX unique_personal_account ON public.accounts (primary_owner_user_id) WHERE is_personal_account;

CREATE TABLE public.roles (
    name varchar(50) PRIMARY KEY,
    hierarchy_level integer NOT NULL UNIQUE CHECK (hierarchy_level > 0)
);
INSERT INTO public.roles VALUES ('owner', 1), ('member', 2);

CREATE TABLE public.accounts_memberships (
    user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES public.accounts ON DELETE CASCADE,
    account_role varchar(50) NOT NULL REFERENCES public.roles,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, account_id)
);

-- A slug is the name in lower case, with hyphens, and a number where others have it.
CREATE FUNCTION kit.slugify(value text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = '' AS $$
    SELECT trim(BOTH '-' FROM regexp_replace(lower(extensions.unaccent(value)), '[^a-z0-9]+', '-', 'g'))
$$;
CREATE FUNCTION kit.set_slug_from_account_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    base text := kit.slugify(new.name);
    number integer := 0;
BEGIN
    LOOP
        new.slug := base || CASE WHEN number = 0 THEN '' ELSE '-' || number END;
        EXIT WHEN NOT EXISTS (SELECT FROM public.accounts WHERE slug = new.slug);
        number := number + 1;
    END LOOP;
    RETURN new;
END
$$;
CREATE TRIGGER set_slug_from_account_name BEFORE INSERT ON public.accounts
    FOR EACH ROW WHEN (NOT new.is_personal_account) EXECUTE FUNCTION kit.set_slug_from_account_name();

-- Whoever founds a team is its owner.
CREATE FUNCTION kit.add_owner_to_new_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.accounts_memberships (user_id, account_id, account_role)
    VALUES (new.primary_owner_user_id, new.id, 'owner');
    RETURN new;
END
$$;
CREATE TRIGGER add_owner_to_new_account AFTER INSERT ON public.accounts
    FOR EACH ROW WHEN (NOT new.is_personal_account) EXECUTE FUNCTION kit.add_owner_to_new_account();

-- Whoever signs up gets a personal account.
CREATE FUNCTION kit.setup_new_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.accounts (primary_owner_user_id, name, is_personal_account, picture_url, email)
    VALUES (
        new.id,
        coalesce(new.raw_user_meta_data ->> 'name', split_part(new.email, '@', 1)),
        true,
        new.raw_user_meta_data ->> 'avatar_url',
        new.email
    );
    RETURN new;
END
$$;
CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users
    FOR EACH ROW EXECUTE FUNCTION kit.setup_new_user();

-- Without a role, any role will do. A policy that read the memberships itself would ask itself.
CREATE FUNCTION public.has_role_on_account(account uuid, role varchar DEFAULT NULL) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (
        SELECT FROM public.accounts_memberships m
        WHERE m.user_id = (SELECT auth.uid()) AND m.account_id = account
          AND (role IS NULL OR m.account_role = role))
$$;

ALTER TABLE public.accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.accounts_memberships ENABLE ROW LEVEL SECURITY;

CREATE POLICY accounts_read ON public.accounts FOR SELECT TO authenticated
    USING (primary_owner_user_id = (SELECT auth.uid()) OR public.has_role_on_account(id));
CREATE POLICY accounts_found ON public.accounts FOR INSERT TO authenticated
    WITH CHECK (NOT is_personal_account AND primary_owner_user_id = (SELECT auth.uid()));
CREATE POLICY accounts_update ON public.accounts FOR UPDATE TO authenticated
    USING (primary_owner_user_id = (SELECT auth.uid()));
CREATE POLICY roles_read ON public.roles FOR SELECT TO authenticated USING (true);
CREATE POLICY memberships_read ON public.accounts_memberships FOR SELECT TO authenticated
    USING (user_id = (SELECT auth.uid()) OR public.has_role_on_account(account_id));
CREATE POLICY memberships_delete ON public.accounts_memberships FOR DELETE TO authenticated
    USING (user_id = (SELECT auth.uid()) OR public.has_role_on_account(account_id, 'owner'));
