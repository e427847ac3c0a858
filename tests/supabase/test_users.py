"""The users that a Supabase project gets."""

from __future__ import annotations

import pytest

from pytest_supaseed.errors import ConfigError
from pytest_supaseed.model.schema import Column, ColumnType, Table, TableName
from pytest_supaseed.planning.overrides import supplied_columns
from pytest_supaseed.planning.plan import Defaults
from pytest_supaseed.settings import OptionSources, resolve
from pytest_supaseed.supabase.users import bcrypt, hashed, project_defaults

# Of pgcrypto, and of crypt_blowfish's own tests.
HASHES = [
    ("password123", b"\x71\xd7\x9f\x82\x18\xa3\x92\x59\xa7\xa2\x9a\xab\xb2\xdb\xaf\xc3", 4,
     "$2a$04$abcdefghijklmnopqrstuuK7Sjs7rFYArh/ytIZsOeM/z4RV2Fw2i"),
    ("U*U", b"\x10\x41\x04" * 5 + b"\x10", 5, "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ("", b"\x10\x41\x04" * 5 + b"\x10", 5, "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
]  # fmt: skip


@pytest.mark.parametrize(("password", "salt", "cost", "expected"), HASHES)
def test_passwords_are_hashed_as_bcrypt_does(password: str, salt: bytes, cost: int, expected: str) -> None:
    assert bcrypt(password, salt, cost) == expected


def test_a_password_has_one_hash() -> None:
    assert hashed("secret") == hashed("secret") != hashed("other")
    assert hashed("secret").startswith("$2a$04$")
    assert hashed("password123").startswith("$2a$10$")
    assert (
        project_defaults({"user_password": "a"}).fingerprint
        != project_defaults({"user_password": "b"}).fingerprint
    )


def test_a_password_that_the_auth_would_refuse() -> None:
    with pytest.raises(ConfigError, match="supaseed_user_password is too long: bcrypt reads 72 bytes"):
        resolve(OptionSources(ini={"user_password": "ü" * 37}))
    assert resolve(OptionSources({"user_password": "x"})).project_options == (("user_password", "x"),)
    assert "hidden" not in repr(resolve(OptionSources({"user_password": "hidden"})))


def test_what_a_user_gives_wins_over_the_defaults() -> None:
    text = ColumnType("text", "text")
    table = Table(
        TableName("auth", "users"), tuple(Column(name, text) for name in ("role", "aud", "phone", "id"))
    )
    defaults = Defaults({f"auth.users.{name}": "default" for name in ("role", "aud", "phone")})
    found = supplied_columns(table, {"role": "marker"}, {"*.aud": "generator"}, defaults=defaults)
    assert {name: value for name, (_, value) in found.items()} == {
        "role": "marker",
        "aud": "generator",
        "phone": "default",
    }
    assert supplied_columns(table, {}, {}) == {}


PROJECT = """
CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users, name text NOT NULL, avatar text);
CREATE FUNCTION sign_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO public.profiles
    VALUES (new.id, new.raw_user_meta_data ->> 'name', new.raw_user_meta_data ->> 'avatar_url');
    RETURN new;
END $$;
CREATE TRIGGER sign_up AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION sign_up();
CREATE TABLE invitations (
    id serial PRIMARY KEY, email text NOT NULL, invited_by uuid NOT NULL REFERENCES auth.users, agent text
);
CREATE FUNCTION invite() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.invited_by := auth.uid();
    new.agent := current_setting('request.headers')::json ->> 'user-agent';
    RETURN new;
END $$;
CREATE TRIGGER invite BEFORE INSERT ON invitations FOR EACH ROW EXECUTE FUNCTION invite();
CREATE TABLE visits (id serial PRIMARY KEY, of_whom uuid);
CREATE FUNCTION visit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.of_whom := auth.uid();
    RETURN new;
END $$;
CREATE TRIGGER visit BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION visit();
"""
TESTS = """
import pytest
from sqlalchemy import text
from pytest_supaseed import Rows

def ask(connection, query):
    return connection.scalar(text("SELECT " + query))

@pytest.mark.seed({"auth.users": 5, "auth.identities": 5})
def test_users_that_the_auth_accepts(seeded_connection):
    for user in seeded_connection.execute(text("SELECT * FROM auth.users")).mappings():
        assert (user["aud"], user["role"]) == ("authenticated", "authenticated")
        assert user["email"] == user["email"].lower()
        assert user["confirmed_at"] == user["email_confirmed_at"] == user["created_at"]
        assert user["raw_app_meta_data"] == {"provider": "email", "providers": ["email"]}
        data = user["raw_user_meta_data"]
        assert (data["sub"], data["email"]) == (str(user["id"]), user["email"])
        first, last = data["name"].split()
        assert user["email"].startswith(f"{first}.{last}".lower())
        assert data["avatar_url"].startswith("https://")
        assert (data["first_name"], data["last_name"], data["full_name"]) == (first, last, data["name"])
        assert data["username"].isalnum() and data["username"][0].isalpha() and len(data["username"]) <= 15
        assert {user[column] for column in user if column.endswith(("_token", "_token_new", "_current"))} == {""}
        assert not (user["is_sso_user"] or user["is_anonymous"] or user["is_super_admin"])
        assert [user[column] for column in ("phone", "deleted_at", "banned_until")] == [None] * 3
    assert ask(seeded_connection, "count(DISTINCT encrypted_password) FROM auth.users") == 1
    assert ask(seeded_connection, "count(DISTINCT raw_user_meta_data ->> 'username') FROM auth.users") == 5
    assert ask(seeded_connection, "count(*) FROM profiles JOIN auth.users u USING (id) "
        "WHERE name = u.raw_user_meta_data ->> 'name' AND avatar IS NOT NULL") == 5

@pytest.mark.seed({"auth.users": 5, "auth.identities": 5})
def test_one_identity_each(seeded_connection):
    assert ask(seeded_connection, "count(*) FROM auth.identities i JOIN auth.users u ON u.id = i.user_id "
        "WHERE provider = 'email' AND provider_id = u.id::text AND i.email = u.email "
        "AND identity_data ->> 'sub' = u.id::text") == 5

@pytest.mark.seed({"auth.users": 2, "auth.identities": 7})
def test_more_identities_are_those_of_other_providers(seeded_connection):
    for providers, listed in seeded_connection.execute(text(
        "SELECT array_agg(provider), max(raw_app_meta_data ->> 'providers')::jsonb FROM auth.identities i "
        "JOIN auth.users u ON u.id = user_id GROUP BY user_id"
    )):
        assert sorted(providers) == sorted(listed)
        assert len(set(providers)) == len(providers) and "email" in providers

@pytest.mark.seed({"auth.users": 4, "auth.identities": 3})
def test_fewer_identities_than_users(seeded_connection):
    assert ask(seeded_connection, "count(DISTINCT user_id) FROM auth.identities WHERE provider = 'email'") == 3

@pytest.mark.seed({"auth.users": Rows(2, columns={"email": ["ann@x.example", "bob@x.example"], "role": "admin"}),
                   "auth.identities": Rows(2, columns={"provider": "google"})})
def test_what_a_marker_gives(seeded_connection):
    names = "array_agg(raw_user_meta_data ->> 'name' ORDER BY email) FROM auth.users"
    assert ask(seeded_connection, names) == ["Ann", "Bob"]
    emails = "array_agg(i.email ORDER BY i.email) FROM auth.identities i WHERE provider = 'google'"
    assert ask(seeded_connection, f"{emails} AND provider_id <> id::text") == ["ann@x.example", "bob@x.example"]

@pytest.mark.seed({"auth.users": 300})
def test_many_users(seeded_connection):
    assert ask(seeded_connection, "count(DISTINCT email) FROM auth.users") == 300

@pytest.mark.seed({"auth.users": 3, "invitations": 6, "visits": 2})
def test_somebody_is_signed_in_where_a_trigger_asks(seeded_connection):
    counts = "array_agg(n) FROM (SELECT count(*) n FROM invitations GROUP BY invited_by) i"
    assert ask(seeded_connection, counts) == [2] * 3
    # Nobody is where nothing is refused, or any more.
    assert ask(seeded_connection, "count(of_whom) FROM visits") == 0
    assert ask(seeded_connection, "auth.uid()") is None

@pytest.mark.seed({"auth.users": 3, "storage.buckets": 1, "storage.objects": 6})
def test_files_have_owners(seeded_connection):
    own = "o.owner_id = u.id::text AND o.name LIKE u.id || '/%'"
    owned = f"count(*) FROM storage.objects o JOIN auth.users u ON u.id = o.owner WHERE {own}"
    assert ask(seeded_connection, owned) == ask(seeded_connection, "count(owner) FROM storage.objects") >= 4

OWNER = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

@pytest.mark.seed({"storage.buckets": 1, "storage.objects": Rows(2, columns={"owner": OWNER})})
def test_an_owner_need_not_be_there(seeded_connection):
    assert ask(seeded_connection, "string_agg(DISTINCT owner_id, '') FROM storage.objects") == OWNER

@pytest.mark.seed({"storage.buckets": 1, "storage.objects": 2})
def test_who_has_the_secret_key_uploads_for_nobody(seeded_connection):
    assert ask(seeded_connection, "count(owner) FROM storage.objects") == 0

@pytest.mark.seed({"auth.users": 2})
def test_the_hash_is_that_of_the_password(seeded_connection):
    assert ask(seeded_connection, "bool_and(encrypted_password = 'HASH') FROM auth.users")
"""


def make_project(pytester: pytest.Pytester, choice: str, migration: str, line: str = "") -> None:
    migrations = pytester.mkdir("supabase") / "migrations"
    migrations.mkdir()
    (migrations / "20240101000000_profiles.sql").write_text(migration, encoding="utf-8")
    pytester.makeini(f"[pytest]\nsupaseed_schema = supabase\nsupaseed_postgres = {choice}\n{line}")


def test_the_users_of_a_project(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.delenv("CI", raising=False)
    make_project(pytester, choice, PROJECT)
    pytester.makepyfile(TESTS.replace("HASH", hashed("password123")))
    pytester.runpytest_inprocess("-W", "error").assert_outcomes(passed=11)


def test_the_ini_says_what_password_the_users_have(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.delenv("CI", raising=False)
    make_project(pytester, choice, PROJECT, "supaseed_user_password = swordfish")
    pytester.makepyfile(TESTS.replace("HASH", hashed("swordfish")))
    pytester.runpytest_inprocess("-W", "error", "-k", "hash").assert_outcomes(passed=1, deselected=10)


def test_an_old_configuration_says_what_password_the_users_have(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.delenv("CI", raising=False)
    make_project(pytester, choice, PROJECT)
    pytester.makefile(".json", config='{"userCount": 2, "schema": {"userTable": {"name": "auth.users"}}, '
                      '"testUserPassword": "swordfish"}')  # fmt: skip
    pytester.makepyfile(
        f"""
        import pytest
        from pytest_supaseed import from_supaseed

        def passwords(connection):
            return set(connection.exec_driver_sql("SELECT encrypted_password FROM auth.users").scalars())

        @pytest.mark.seed(from_supaseed("config.json"))
        def test_configured(seeded_connection, seeded_db):
            assert passwords(seeded_connection) == {{{hashed("swordfish")!r}}}
            assert "swordfish" not in repr(seeded_db.plan)

        @pytest.mark.seed({{"auth.users": 2}})
        def test_others_keep_theirs(seeded_connection):
            assert passwords(seeded_connection) == {{{hashed("password123")!r}}}
        """
    )
    pytester.runpytest_inprocess("-W", "error").assert_outcomes(passed=2)


def test_a_sign_up_trigger_gets_the_metadata_that_it_asks_for(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.delenv("CI", raising=False)
    make_project(
        pytester,
        choice,
        """
        CREATE TYPE plan AS ENUM ('free', 'paid');
        CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users, company text NOT NULL, plan plan NOT NULL);
        CREATE FUNCTION sign_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
            INSERT INTO public.profiles VALUES (new.id, new.raw_user_meta_data ->> 'company_name',
                (new.raw_user_meta_data ->> 'plan')::public.plan);
            RETURN new;
        END $$;
        CREATE TRIGGER sign_up AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION sign_up();
        """,
    )
    pytester.makepyfile(
        """
        import pytest
        from pytest_supaseed import Rows

        @pytest.mark.seed({"auth.users": 3})
        def test_made(seeded_connection):
            found = seeded_connection.exec_driver_sql("SELECT company, plan FROM profiles").all()
            assert len(found) == 3 and all(company.istitle() and plan == "free" for company, plan in found)
            kept = "SELECT count(*) FROM auth.users WHERE raw_user_meta_data ->> 'sub' = id::text"
            assert seeded_connection.exec_driver_sql(kept).scalar() == 3

        @pytest.mark.seed({"auth.users": Rows(1, columns={"raw_user_meta_data": [{"name": "Ann"}]})})
        def test_supplied_values(seeded_connection):
            pass
        """
    )
    result = pytester.runpytest_inprocess("-W", "error")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(['*null value in column "company" of relation "profiles"*'])
