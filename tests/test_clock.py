"""The machine's clock, under those that tests put in its place."""

from __future__ import annotations

import time
from datetime import datetime, timezone

import freezegun
import pytest
import time_machine

from pytest_supaseed import clock

_FROZEN = datetime(2030, 1, 1, tzinfo=timezone.utc)


def _frozen_by(name: str) -> object:
    return freezegun.freeze_time(_FROZEN) if name == "freezegun" else time_machine.travel(_FROZEN, tick=False)


@pytest.mark.parametrize("library", ["freezegun", "time-machine"])
def test_it_goes_on_while_a_test_has_frozen_time(library: str) -> None:
    real = clock.now()
    with _frozen_by(library):  # type: ignore[attr-defined]
        assert time.time() == _FROZEN.timestamp()
        before = clock.monotonic()
        clock.sleep(0.002)
        assert clock.monotonic() > before
        assert 0 <= clock.now() - real < 3600
        assert clock.today().year < 2030 or real > _FROZEN.timestamp()


def test_it_tells_what_the_system_tells() -> None:
    assert abs(clock.now() - time.time()) < 60
    assert abs((clock.today() - datetime.now(timezone.utc).date()).days) <= 1
