"""The page of ``--supaseed-report``: one HTML file that needs nothing else, made of what processes have recorded.

:func:`page` takes the :class:`Record` of each process of a run, and returns the text of the file. :func:`placed` lays
tables out for its diagram. The markup is in ``page.html``; values of the database get into it as JSON only.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_supaseed.model.graph import components

_TEMPLATE = Path(__file__).with_name("page.html")
_BOX, _GAP, _LINE, _HEAD, _LETTER = (180, 340), (90, 16), 17, 28, 7.2
# Of a column of boxes: a schema of hundreds of tables without references fills several.
_HIGHEST = 40
_LABEL = 30


@dataclass(frozen=True)
class Reference:
    """A foreign key, as the diagram shows it.

    Attributes:
        columns: its columns.
        table: the referenced table, as a marker spells it.
    """

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True)
class TableBox:
    """A table, as the diagram shows it.

    Attributes:
        name: as a marker spells it.
        references: its foreign keys.
    """

    name: str
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class SeedRecord:
    """A seed, as a process has found it.

    Attributes:
        key: the same in all processes of a run.
        schema: the key of its schema.
        marker: what asks for it.
        asked: its rows that count against the limit.
        limit: the most rows that it may ask for.
        counts: the rows of each table.
        spread: by table, columns of a foreign key and how many rows each referenced row has.
        rows: by table, columns and the first rows, as texts.
        seconds: how long it took to make; None if it was made in an earlier session.
        replaced: by table and what has refused rows there, how many, and how many others were tried.
        error: why the rows could not be read; empty if they could.
    """

    key: str
    schema: str
    marker: str
    asked: int
    limit: int
    counts: Mapping[str, int]
    spread: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seconds: float | None = None
    replaced: Sequence[Mapping[str, Any]] = ()
    error: str = ""


@dataclass(frozen=True)
class SeededTest:
    """A test that was run.

    Attributes:
        id: its node id.
        seeds: keys of the seeds that it has used.
        isolation: in words, on which database.
        outcome: passed, failed or skipped.
        phases: by phase, its seconds.
        worker: of pytest-xdist; empty without.
        asked: what its marker asks for, also where that was refused; empty without one.
    """

    id: str
    seeds: Sequence[str]
    isolation: str
    outcome: str
    phases: Mapping[str, float]
    worker: str
    asked: str = ""


@dataclass(frozen=True)
class Event:
    """What took time in a process.

    Attributes:
        kind: server, load, seed, clone or test.
        name: of what.
        began: Unix time.
        ended: Unix time.
        worker: of pytest-xdist; empty without.
        bad: whether it is a test that has failed.
    """

    kind: str
    name: str
    began: float
    ended: float
    worker: str
    bad: bool = False


@dataclass(frozen=True)
class Record:
    """What one process of a run has recorded.

    Attributes:
        server: in words.
        seed: of the random generators.
        schemas: by key, the tables.
        seeds: seeds.
        tests: tests.
        events: events.
    """

    server: str
    seed: int
    schemas: Mapping[str, Sequence[TableBox]]
    seeds: Sequence[SeedRecord]
    tests: Sequence[SeededTest]
    events: Sequence[Event]

    def text(self) -> str:
        """Return it as a text, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Record:
        """Return what :meth:`text` has given as a text."""
        found = json.loads(text)
        schemas = {
            key: [
                TableBox(
                    each["name"],
                    tuple(Reference(tuple(r["columns"]), r["table"]) for r in each["references"]),
                )
                for each in tables
            ]
            for key, tables in found["schemas"].items()
        }
        return cls(
            found["server"],
            found["seed"],
            schemas,
            [SeedRecord(**each) for each in found["seeds"]],
            [SeededTest(**each) for each in found["tests"]],
            [Event(**each) for each in found["events"]],
        )


def page(title: str, records: Sequence[Record]) -> str:
    """Return the page of a run.

    Args:
        title: its heading.
        records: of each process that has run tests.
    """
    data = json.dumps(document(records), ensure_ascii=False)
    # Neither the end of the element nor a comment may stand in a script.
    data = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    text = _TEMPLATE.read_text(encoding="utf-8")
    return text.replace("@TITLE@", html.escape(title)).replace("@DATA@", data)


def document(records: Sequence[Record]) -> dict[str, Any]:
    """Return what the page shows: of each seed that several processes have found, the one that has made it."""
    seeds: dict[str, SeedRecord] = {}
    schemas: dict[str, Sequence[TableBox]] = {}
    for record in records:
        schemas |= record.schemas
        for seed in record.seeds:
            known = seeds.get(seed.key)
            if known is None or (known.seconds is None and seed.seconds is not None):
                seeds[seed.key] = seed
    events = sorted((event for record in records for event in record.events), key=lambda event: event.began)
    return {
        "server": next((record.server for record in records if record.server), ""),
        "seed": next((record.seed for record in records), 0),
        "workers": sorted({event.worker for event in events}),
        "schemas": {key: placed(tables) for key, tables in schemas.items()},
        "seeds": [asdict(seed) for seed in seeds.values()],
        "tests": [asdict(test) for record in records for test in record.tests],
        "events": [asdict(event) for event in events],
    }


def placed(tables: Sequence[TableBox]) -> dict[str, Any]:
    """Lay tables out: each stands to the right of those that it references, as far as these do not form a cycle.

    This is the layering of Sugiyama, Tagawa and Toda (1981) by longest paths; within a layer, tables are ordered by the
    mean place of what they reference.

    Returns:
        The ``width`` and ``height`` of the diagram in pixels, and ``tables``, each with its ``name``, what is ``shown``
        of it, ``x``, ``y``, ``width``, ``height``, and ``references`` with their ``offset`` from its top.
    """
    layers = _layers(tables)
    x, height = 0.0, 0.0
    places: dict[str, float] = {}
    found: list[dict[str, Any]] = []
    for layer in layers:
        ordered = sorted(layer, key=lambda box: (_mean(places, box), box.name))
        for start in range(0, len(ordered), _HIGHEST):
            column = ordered[start : start + _HIGHEST]
            width = max(map(_width, column))
            y = 0.0
            for box in column:
                entry = _entry(box, x, y, width)
                found.append(entry)
                places[box.name] = y
                y += entry["height"] + _GAP[1]
            height = max(height, y)
            x += width + _GAP[0]
    return {"width": max(x - _GAP[0], 0), "height": max(height - _GAP[1], 0), "tables": found}


def _layers(tables: Sequence[TableBox]) -> list[list[TableBox]]:
    boxes = {box.name: box for box in tables}
    referenced = {
        name: {reference.table for reference in box.references} & boxes.keys() - {name}
        for name, box in boxes.items()
    }
    depths: dict[str, int] = {}
    # Tables that reference one another stand in one layer.
    for together in components(boxes, referenced):
        beyond = {other for name in together for other in referenced[name]} - set(together)
        depth = max((depths[other] + 1 for other in beyond), default=0)
        depths.update(dict.fromkeys(together, depth))
    layers: dict[int, list[TableBox]] = {}
    for box in tables:
        layers.setdefault(depths[box.name], []).append(box)
    return [layers[number] for number in sorted(layers)]


def _mean(places: Mapping[str, float], box: TableBox) -> float:
    known = [places[reference.table] for reference in box.references if reference.table in places]
    return sum(known) / len(known) if known else 0.0


def _width(box: TableBox) -> float:
    longest = max([_cut(box.name), *(_label(reference) for reference in box.references)], key=len)
    return min(max(len(longest) * _LETTER + 96, _BOX[0]), _BOX[1])


def _entry(box: TableBox, x: float, y: float, width: float) -> dict[str, Any]:
    references = [
        {
            "columns": list(reference.columns),
            "table": reference.table,
            "shown": _label(reference),
            "offset": _HEAD + _LINE * number + _LINE // 2,
        }
        for number, reference in enumerate(box.references)
    ]
    height = _HEAD + _LINE * len(references) + (4 if references else 0)
    shown = _cut(box.name)
    return {
        "name": box.name,
        "shown": shown,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "references": references,
    }


def _label(reference: Reference) -> str:
    return _cut(", ".join(reference.columns))


def _cut(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"
