"""Errors of trigger functions, turned into assignments that avoid them."""

from __future__ import annotations

import pytest

from pytest_supaseed.constraints.raising import Assignable, without_errors

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
