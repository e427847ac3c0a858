"""Errors of trigger functions, turned into assignments that avoid them."""

from __future__ import annotations

import pytest

from pytest_supaseed.constraints.raising import Assignable, refused_nulls, without_errors

ANYTHING = Assignable(lambda name: "1", lambda name: True)


def assigned(condition: str, assignable: Assignable = ANYTHING) -> str | None:
    """What stands in the place of the error."""
    found = without_errors(f"BEGIN IF {condition} THEN RAISE EXCEPTION 'no; %', 1; END IF; END", assignable)
    before, after = f"BEGIN IF {condition} THEN ", " END IF; END"
    if found is None:
        return None
    assert found.startswith(before)
    assert found.endswith(after)
    return found[len(before) : -len(after)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("new.height <> last.height + 1", 'new."height" := last.height + 1;'),
        ("last.height + 1 != NEW.height", 'new."height" := last.height + 1;'),
        ('new."Prev" IS DISTINCT FROM last.hash', 'new."Prev" := last.hash;'),
        ("(new.a)::text <> (SELECT x FROM y WHERE b = 1 OR c = 2)", None),
        ("new.a::text <> (SELECT x FROM y WHERE b = 1 OR c)", 'new."a" := (SELECT x FROM y WHERE b = 1 OR c);'),
        ("coalesce(new.a, 0) <> total", 'new."a" := total;'),
        ("abs(new.a - wanted) > 0.01", 'new."a" := wanted;'),
        ("abs(x.total - (new.a)) >= 0.01", 'new."a" := x.total;'),
        ("abs(new.a) > 5", None),
        ("round(new.a, 2) <> round(b * c, 2)", 'new."a" := round(b * c, 2);'),
        ("lower(trim(new.a)) <> code", 'new."a" := code;'),
        ("round(coalesce(new.a, 0)) <> total", 'new."a" := total;'),
        ("new.a < low", 'new."a" := low;'),
        ("new.a <= low", 'new."a" := (low) + 1;'),
        ("high <= new.a", 'new."a" := (high) - 1;'),
        ("new.a = taken", 'new."a" := (taken) + 1;'),
        ("new.a IS NOT NULL", 'new."a" := NULL;'),
        ("new.a IS NULL", None),
        ("new.a NOT BETWEEN x.low AND x.high", 'new."a" := x.low;'),
        ("new.a BETWEEN x.low AND x.high", None),
        ("NOT new.active", 'new."active" := true;'),
        ("new.closed", 'new."closed" := false;'),
        ("NOT (new.a = 1 AND new.b >= low)", 'IF NOT (new.a = 1) THEN new."a" := 1; END IF; '
         'IF NOT (new.b >= low) THEN new."b" := low; END IF;'),
        ("new.a <> 1 OR new.b <> 2", 'IF new.a <> 1 THEN new."a" := 1; END IF; '
         'IF new.b <> 2 THEN new."b" := 2; END IF;'),
        ("found AND new.b <> 2", 'new."b" := 2;'),
        ("new.a <> CASE WHEN x OR y THEN 1 ELSE 2 END", 'new."a" := CASE WHEN x OR y THEN 1 ELSE 2 END;'),
        ("new.a <> 'it''s; THEN'", "new.\"a\" := 'it''s; THEN';"),
        ("new.day < now()", None),
        ("NOT FOUND", None),
        ("NOT EXISTS (SELECT FROM x WHERE y = new.a)", None),
        ("d <> c", None),
    ],
)  # fmt: skip
def test_a_condition(condition: str, expected: str | None) -> None:
    assert assigned(condition) == expected


def test_a_column_that_may_not_change_is_left_alone() -> None:
    only_b = Assignable(lambda name: "1", "b".__contains__)
    assert assigned("new.a <> new.b", only_b) == 'new."b" := new.a;'
    assert assigned("new.a <> 1", only_b) is None


def test_a_column_without_steps_is_set_to_values_only() -> None:
    no_steps = Assignable(lambda name: None, lambda name: True)
    assert assigned("new.a <= low", no_steps) is None
    assert assigned("new.a < low", no_steps) == 'new."a" := low;'


def test_other_errors_are_left_out_and_notices_stay() -> None:
    body = """
    BEGIN -- IF new.a <> 1 THEN RAISE EXCEPTION 'in a comment'; END IF;
      IF NOT FOUND THEN RAISE 'not; there'; ELSIF new.a <> 5 THEN RAISE EXCEPTION 'five'; END IF;
      RAISE NOTICE 'seen';
      RETURN NULL;
    END"""
    found = without_errors(body, ANYTHING)
    assert found is not None
    assert " ".join(found.split()) == (
        "BEGIN IF NOT FOUND THEN NULL; ELSIF new.a <> 5 THEN new.\"a\" := 5; END IF; RAISE NOTICE 'seen'; "
        "RETURN new; END"
    )


@pytest.mark.parametrize(
    ("statements", "columns"),
    [
        ("IF new.a IS NULL THEN RAISE EXCEPTION 'a'; END IF;", "a"),
        ("IF new.\"B c\" IS NULL OR (new.a IS NULL) THEN RAISE 'no %', new.a; END IF;", "B c, a"),
        ("CASE WHEN new.a IS NULL THEN RAISE 'a'; WHEN new.b IS NULL THEN RAISE 'b'; ELSE END CASE;", "a, b"),
        ("IF new.a IS NULL THEN RAISE 'a'; ELSIF new.b IS NULL THEN RAISE 'b'; ELSE x := 1; END IF;", "a, b"),
        ("IF coalesce(trim(new.a), '') = '' THEN RAISE 'a'; END IF;", "a"),
        (
            "IF tg_op = 'INSERT' THEN IF new.a IS NULL THEN RAISE 'a'; END IF; END IF; "
            "IF new.b IS NULL THEN RAISE 'b'; END IF;",
            "a, b",
        ),
        ("x := CASE WHEN new.b IS NULL THEN 1 ELSE 2 END; IF new.a IS NULL THEN RAISE 'a'; END IF;", "a"),
        ("-- IF new.b IS NULL THEN RAISE 'b'; END IF;\nIF new.a IS NULL THEN RAISE 'a'; END IF;", "a"),
        ("SELECT p.x INTO x FROM p WHERE p.id = new.a; IF new.a IS NULL THEN RAISE 'a'; END IF;", "a"),
        # Not in each row, not after a RETURN, and not what the function sets itself.
        ("IF new.a IS NULL AND new.b IS NULL THEN RAISE 'a'; END IF;", ""),
        ("IF new.kind = 'x' THEN IF new.a IS NULL THEN RAISE 'a'; END IF; END IF;", ""),
        ("IF new.kind = 'x' THEN RETURN new; END IF; IF new.a IS NULL THEN RAISE 'a'; END IF;", ""),
        ("IF new.kind = 'x' THEN x := 1; ELSIF new.a IS NULL THEN RAISE 'a'; END IF;", ""),
        ("IF tg_op = 'UPDATE' THEN IF new.a IS NULL THEN RAISE 'a'; END IF; END IF;", ""),
        ("IF new.a IS NULL THEN RAISE NOTICE 'a'; END IF;", ""),
        ("IF new.a IS NULL THEN new.a := 1; END IF; IF new.a IS NULL THEN RAISE 'a'; END IF;", ""),
        ("SELECT p.a INTO new.a FROM p; IF new.a IS NULL THEN RAISE 'a'; END IF;", ""),
        ("new := f(new); IF new.a IS NULL THEN RAISE 'a'; END IF;", ""),
        ("IF new.a IS NULL THEN RAISE 'a'; END IF; EXCEPTION WHEN OTHERS THEN RETURN new;", ""),
        ("FOR x IN SELECT 1 LOOP IF new.a IS NULL THEN RAISE 'a'; END IF; END LOOP;", ""),
    ],
)
def test_columns_that_a_function_refuses_as_null(statements: str, columns: str) -> None:
    found = refused_nulls(f"DECLARE x int; BEGIN {statements} RETURN new; END")
    assert ", ".join(sorted(found)) == columns


def test_columns_that_the_arguments_of_a_trigger_name() -> None:
    loop = (
        "FOREACH c IN ARRAY tg_argv LOOP EXECUTE format('SELECT $1.%I', c) INTO v USING new; "
        "IF v IS NULL THEN RAISE 'no'; END IF; END LOOP;"
    )
    assert refused_nulls(f"BEGIN {loop} RETURN new; END", ["a", "b"]) == {"a", "b"}
    other = loop.replace("v IS NULL", "v = ''")
    assert refused_nulls(f"BEGIN {other} RETURN new; END", ["a", "b"]) == set()


def test_a_body_that_is_no_block_refuses_nothing() -> None:
    assert refused_nulls("") == refused_nulls("SELECT 1") == set()
    assert refused_nulls("BEGIN IF new.a IS NULL") == set()
