"""Allocation as a stage: :func:`allocate` turns an allocation request into an allocation, or says why there is none.

:func:`assign` gives each new row a position in every independent dimension. Its methods, cheapest first: independent
shares of each foreign key, combinations along diagonals (:func:`_draw`), modular arithmetic as in Latin squares
(:func:`latin_rows`), and backtracking (:func:`~pytest_supaseed.allocation.matching.agreeing_rows`), which overlapping
foreign keys use from the start. :func:`part` repairs an allocation that breaks a CHECK.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from random import Random
from typing import Any

from pytest_supaseed.allocation.allocation import (
    Agreement,
    AllocatedColumns,
    Allocation,
    AllocationRequest,
    Dimension,
    Group,
    IndependentRequest,
    Limit,
    OverlappingRequest,
    Relation,
    TooFewError,
    Unique,
)
from pytest_supaseed.allocation.constraints import PairedKeys
from pytest_supaseed.allocation.correspondence import agreed, swapped, wanted_first
from pytest_supaseed.allocation.groups import ExcludedCombinations, most_rows, overflows, room
from pytest_supaseed.allocation.matching import agreeing_rows
from pytest_supaseed.allocation.spread import SPREAD_FUNCTIONS, combinations, dealt, diagonal, even, owners
from pytest_supaseed.model.references import optional
from pytest_supaseed.model.schema import ForeignKey, UniqueKey
from pytest_supaseed.rng import random_for


class NothingToReferenceError(ValueError):
    """A required foreign key has no row to reference."""

    def __init__(self, foreign_key: ForeignKey) -> None:
        self.foreign_key = foreign_key
        super().__init__(f"no row of {foreign_key.referenced} can be referenced by {foreign_key.name}")


def allocate(request: AllocationRequest) -> Allocation:
    """Allocate referenced rows and values of finite columns to new rows.

    Raises:
        NothingToReferenceError: a required foreign key has no row to reference.
        TooFewError: the unique keys and CHECKs admit fewer rows, or no referenced rows agree.
        ValueError: the unique keys cannot take that many rows.
    """
    positions = assign(request.independent)
    parts = [
        _independent(request, dimension, positions.get(dimension.name))
        for dimension in request.dimensions
        if dimension.foreign_key is not None or dimension.name in positions
    ]
    parts += [_overlapping(request, overlapping) for overlapping in request.overlapping]
    keys = frozenset(key.name for group in request.independent.groups for key, _ in group.keys)
    return Allocation(request.amount, tuple(parts), keys)


def _independent(
    request: AllocationRequest, dimension: Dimension, positions: Sequence[int | None] | None
) -> AllocatedColumns:
    if dimension.foreign_key is None:
        options: Sequence[tuple[Any, ...]] = [(choice,) for choice in dimension.choices]
    else:
        options = request.keys[dimension.name]
        if request.amount and not options and not dimension.optional:
            raise NothingToReferenceError(dimension.foreign_key)
    none: Sequence[int | None] = (None,) * request.amount
    return AllocatedColumns(dimension.columns, options, none if positions is None else positions)


def _overlapping(request: AllocationRequest, overlapping: OverlappingRequest) -> AllocatedColumns:
    names = [foreign_key.name for foreign_key in overlapping.foreign_keys]
    random = random_for(request.independent.seed, str(request.independent.table.name), *names)
    relations = overlapping.agreement.relations
    rows = agreeing_rows(overlapping.agreement, random)
    columns = tuple(dict.fromkeys(column for relation in relations for column in relation.columns))
    completed = [_completed(row, number, relations, columns) for number, row in enumerate(rows)]
    for foreign_key in overlapping.foreign_keys:
        if any(not row.keys() >= set(foreign_key.columns) for row in completed):
            # A NULL in another column disables it, but there is no row with a value for this one.
            raise NothingToReferenceError(foreign_key)
    options = [tuple(row[column] for column in columns) for row in completed]
    return AllocatedColumns(columns, options, range(request.amount))


def _completed(
    row: Mapping[str, Any], number: int, relations: Sequence[Relation], columns: Sequence[str]
) -> Mapping[str, Any]:
    """Return a row with values for the NOT NULL columns of foreign keys that a NULL disables.

    The values are those of referenceable rows, though they reference nothing.
    """
    if all(name in row for name in columns):
        return row
    completed = dict(row)
    for relation in relations:
        for position, name in enumerate(relation.columns):
            if name not in completed and relation.options:
                completed[name] = relation.options[number % len(relation.options)][position]
    return completed


# Cyclic unique keys (a, b), (b, c), (c, a) are drawn again until all of them are distinct.
ATTEMPTS = 20
Positions = Mapping[str, Sequence[int | None]]


def assign(request: IndependentRequest) -> Positions:
    """Allocate a value of every dimension to each new row.

    Returns:
        For each dimension the position of every row's value, in the order of the rows; None for NULL.

    Raises:
        ValueError: the unique keys cannot take that many rows.
    """
    result: dict[str, list[int | None]] = {}
    for group in request.groups:
        result.update(_assign_group(request, group))
    for foreign_key in request.foreign_keys:
        if foreign_key.name not in result:
            random = random_for(request.seed, str(request.table.name), foreign_key.name)
            result[foreign_key.name] = list(owners(_shares(request, foreign_key.name, random), random))
    bound = {dimension.name for group in request.groups for dimension in group.dimensions}
    for paired in request.paired:
        unbound = [name for name in (paired.pair.right, paired.pair.left) if name not in bound]
        if unbound:
            random = random_for(request.seed, str(request.table.name), paired.pair.left, paired.pair.right)
            part(paired, result, unbound[0], random)
            left, right = (result[name] for name in (paired.pair.left, paired.pair.right))
            if len(unbound) == 2 and not all(map(paired.fits, left, right)):
                result.update(fitting(request, paired, random))
    for name in dict.fromkeys(each.second for each in request.correspondences):
        if name in result:
            result[name] = _agreeing(request, name, result)
    if any(each.required for each in request.correspondences):
        _Required(request, result).settle()
    return result


def _agreeing(
    request: IndependentRequest, name: str, result: Mapping[str, list[int | None]]
) -> list[int | None]:
    """The references of a foreign key, exchanged between rows to agree with those of others that are decided."""
    drivers = [
        (each, result[each.first])
        for each in request.correspondences
        if each.second == name and each.first in result
    ]
    positions = result[name]
    if not drivers:
        return positions
    restricted = [group for group in request.groups if any(d.name == name for d in group.dimensions)]
    if restricted or any(name in paired.names() for paired in request.paired):
        return swapped(drivers, positions, _Exchanges(request, name, result, restricted).accepts)
    random = random_for(request.seed, str(request.table.name), name, "agreeing")
    exact = request.per is not None and request.per[0] == name
    if request.spread == "even" and not exact and not request.ranks.get(name):
        # The shares stay even: only which referenced rows get the remainder is decided anew.
        ranks = wanted_first(*drivers[0], request.amount // max(1, request.sizes[name]), random)
        shares = even(request.amount, request.present_of(name), random, ranks=ranks)
        positions = list(owners(shares, random))
    return agreed(drivers, positions, random)


class _Exchanges:
    """What unique keys and comparisons accept while references are exchanged between rows.

    Args:
        name: of the foreign key.
        result: the references of all foreign keys.
        groups: those that the foreign key is in.
    """

    def __init__(
        self,
        request: IndependentRequest,
        name: str,
        result: Mapping[str, Sequence[int | None]],
        groups: Sequence[Group],
    ) -> None:
        self._name, self._result = name, result
        self._paired = [paired for paired in request.paired if name in paired.names()]
        self._keys = []
        for group in groups:
            for key, _ in group.keys:
                names = group.names_of(key)
                if name in names:
                    held = Counter(zip(*(result[each] for each in names), strict=True))
                    self._keys.append((key, names, held, ExcludedCombinations(request, key.name, names)))

    def accepts(self, references: Sequence[int | None], row: int, other: int) -> bool:
        """Whether two rows may have the references that they have exchanged, which are then theirs."""
        for paired in self._paired:
            [partner] = paired.names() - {self._name} or {self._name}
            if not all(
                paired.holds(self._name, references[at], self._result[partner][at]) for at in (row, other)
            ):
                return False
        changes = []
        for key, names, held, excluded in self._keys:
            # The row that got a reference had the other row's before.
            new = [self._combination(names, at, references[at]) for at in (row, other)]
            old = [
                self._combination(names, at, before)
                for at, before in ((row, references[other]), (other, references[row]))
            ]
            left = Counter(old)
            for combination in new:
                if key.nulls_distinct and None in combination:
                    continue
                if combination in excluded or held[combination] > left[combination] or new[0] == new[1]:
                    return False
            changes.append((held, old, new))
        for held, old, new in changes:
            held.subtract(old)
            held.update(new)
        return True

    def _combination(self, names: Sequence[str], row: int, at: int | None) -> tuple[int | None, ...]:
        return tuple(at if name == self._name else self._result[name][row] for name in names)


# Combinations of references that are tried for a row.
_MOST_TRIED = 5_000


class _Required:
    """References that have to agree, where the shares of the referenced rows do not let all of them.

    Args:
        result: the references of all dimensions, which are changed in rows that do not agree.
    """

    def __init__(self, request: IndependentRequest, result: dict[str, list[int | None]]) -> None:
        self._request, self._result = request, result
        self._pairs = [
            each
            for each in request.correspondences
            if each.required and each.first in result and each.second in result
        ]
        exact = request.per[0] if request.per is not None else None
        names = dict.fromkeys(name for each in self._pairs for name in (each.first, each.second))
        self._free = [name for name in names if name != exact]
        keys = {key.name: key for key in request.foreign_keys}
        self._optional = {name for name in self._free if optional(request.table, keys[name])}
        self._used = {name: Counter(result[name]) for name in self._free}
        self._unique = []
        for group in request.groups:
            for key, _ in group.keys:
                within = group.names_of(key)
                if not names.keys().isdisjoint(within):
                    held = Counter(zip(*(result[name] for name in within), strict=True))
                    excluded = ExcludedCombinations(request, key.name, within)
                    self._unique.append((key, within, held, excluded))

    def settle(self) -> None:
        """Change the rows that do not agree: each to the referenced rows that have the fewest rows."""
        for row in range(self._request.amount):
            before = {name: values[row] for name, values in self._result.items()}
            if all(pair.holds(before[pair.first], before[pair.second]) for pair in self._pairs):
                continue
            self._count(before, -1)
            tried = islice(self._candidates(dict(before), before, 0), _MOST_TRIED)
            chosen = next((found for found in tried if found is not None and self._fits(found)), before)
            self._count(chosen, 1)
            for name in self._free:
                self._result[name][row] = chosen[name]

    def _count(self, references: Mapping[str, int | None], number: int) -> None:
        for name in self._free:
            self._used[name][references[name]] += number
        for _, within, held, _ in self._unique:
            held[tuple(references[name] for name in within)] += number

    def _candidates(
        self, found: dict[str, int | None], before: Mapping[str, int | None], at: int
    ) -> Iterator[dict[str, int | None] | None]:
        """References that agree, one after another; None for each that is given up on the way."""
        if at == len(self._free):
            yield dict(found)
            return
        name, settled = self._free[at], {*self._result} - {*self._free[at:]}
        pairs = [pair for pair in self._pairs if name in (pair.first, pair.second)]
        used, now = self._used[name], before[name]
        places = () if now is None else range(self._request.sizes[name])
        options = sorted(places, key=lambda place: (place != now, used[place], place))
        for option in (*options, *([None] if name in self._optional or now is None else [])):
            found[name] = option
            if all(
                pair.holds(found[pair.first], found[pair.second])
                for pair in pairs
                if {pair.first, pair.second} - {name} <= settled
            ):
                yield from self._candidates(found, before, at + 1)
            else:
                yield None

    def _fits(self, references: Mapping[str, int | None]) -> bool:
        """Whether unique keys and comparisons accept the references of a row."""
        for key, within, held, excluded in self._unique:
            combination = tuple(references[name] for name in within)
            if (held[combination] or combination in excluded) and not (
                key.nulls_distinct and None in combination
            ):
                return False
        return all(
            paired.fits(references.get(paired.pair.left), references.get(paired.pair.right))
            for paired in self._request.paired
        )


def shares(request: IndependentRequest) -> Mapping[str, Sequence[int]]:
    """Return the new rows that :func:`assign` gives to each referenced row, by foreign key.

    Without groups and comparisons the shares are computed directly, which is faster.

    Raises:
        ValueError: the unique keys cannot take that many rows.
    """
    names = [foreign_key.name for foreign_key in request.foreign_keys]
    if not request.groups and not request.paired:
        return {
            name: _shares(request, name, random_for(request.seed, str(request.table.name), name))
            for name in names
        }
    positions = assign(request)
    counts = {name: Counter(positions[name]) for name in names}
    return {name: [counts[name][at] for at in range(request.sizes[name])] for name in names}


def _shares(
    request: IndependentRequest, name: str, random: Random, most: list[int] | None = None
) -> list[int]:
    present = request.present_of(name)
    if request.per is not None and request.per[0] == name:
        return [request.per[1] - rows for rows in present]
    amount = request.amount if most is None else min(request.amount, sum(most))
    ranks = request.ranks.get(name, ())
    if request.spread == "even" and ranks:
        return even(amount, present, random, most, ranks)
    return SPREAD_FUNCTIONS[request.spread](amount, present, random, most)


def _assign_group(request: IndependentRequest, group: Group) -> dict[str, list[int | None]]:
    random = random_for(request.seed, str(request.table.name), *(d.name for d in group.dimensions))
    most = room(request, group)
    drawn = None
    if request.amount <= sum(most) or overflows(request, group):
        for _ in range(ATTEMPTS):
            drawn = _draw(request, group, most, random)
            if drawn is not None:
                break
    else:
        possible = most_rows(request, group)
        if possible is not None and request.amount > possible:
            raise ValueError(f"{request.table.label} can take {possible} more rows, not {request.amount}")
    if drawn is None:
        return filled(request, group, random)
    order = random.sample(range(request.amount), request.amount)
    return {name: [positions[at] for at in order] for name, positions in drawn.items()}


def _draw(
    request: IndependentRequest, group: Group, most: list[int], random: Random
) -> dict[str, list[int | None]] | None:
    shares = _shares(request, group.anchor.name, random, most)
    beyond = request.amount - sum(shares)
    anchors: list[int | None] = [anchor for anchor, share in enumerate(shares) for _ in range(share)]
    drawn: dict[str, list[int | None]] = {group.anchor.name: anchors + [None] * beyond}
    for key, others in group.keys:
        missing = [other for other in others if other.name not in drawn]
        if not missing:
            continue
        if group.anchors(key) and len(missing) == len(others):
            sizes = [request.sizes[other.name] for other in others]
            excluded = ExcludedCombinations(request, key.name, group.names_of(key))
            found = combinations(shares, sizes, random, excluded)
            for number, other in enumerate(others, start=1):
                drawn[other.name] = [combination[number] for combination in found]
        for other in missing:
            positions = drawn.setdefault(other.name, [])
            positions += dealt(range(request.sizes[other.name]), request.amount - len(positions), random)
    return drawn if all(_distinct(request, group, drawn, key) for key, _ in group.keys) else None


def _distinct(
    request: IndependentRequest, group: Group, drawn: Mapping[str, Sequence[int | None]], key: UniqueKey
) -> bool:
    names = group.names_of(key)
    rows = list(zip(*(drawn[name] for name in names), strict=True))
    whole = [row for row in rows if not (key.nulls_distinct and None in row)]
    excluded = ExcludedCombinations(request, key.name, names)
    return len(set(whole)) == len(whole) and not any(row in excluded for row in rows)


# Coefficients (x, y) of a dimension's value x * i + y * j, for values i and j of the two first dimensions.
_FACTORS = ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1), (1, -1), (1, 3), (3, 1))
_TRIED = 512


def latin_rows(
    sizes: Mapping[str, int], keys: Sequence[Sequence[str]], amount: int, random: Random
) -> dict[str, list[int]] | None:
    """Compute rows from two dimensions by modular arithmetic, as in a Latin square, so that all keys are distinct.

    Of the coefficients for the other dimensions, a limited number of combinations is tried.

    Args:
        sizes: number of values of each dimension.
        keys: the dimensions of each unique key.
        random: shuffles the values.

    Returns:
        For each dimension the values of all rows; None where no coefficients fit.

    Example:
        >>> found = latin_rows({"a": 5, "b": 5, "c": 5}, ["ab", "bc", "ca"], 25, Random(0))
        >>> len(set(zip(found["b"], found["c"]))), len(set(zip(found["c"], found["a"])))
        (25, 25)
    """
    pairs = sorted(
        {tuple(sorted(key)) for key in keys if len(key) == 2}, key=lambda p: sizes[p[0]] * sizes[p[1]]
    )
    for pair in pairs:
        a, b = sizes[pair[0]], sizes[pair[1]]
        if amount > a * b:
            return None
        cells = [diagonal(number, (a, b)) for number in range(amount)]
        others = [name for name in sorted(sizes) if name not in pair]
        for tried, factors in enumerate(product(_FACTORS, repeat=len(others))):
            if tried == _TRIED:
                break
            found = {pair[0]: [i for i, _ in cells], pair[1]: [j for _, j in cells]}
            for name, (x, y) in zip(others, factors, strict=True):
                found[name] = [(x * i + y * j) % sizes[name] for i, j in cells]
            if all(len(set(zip(*(found[name] for name in key), strict=True))) == amount for key in keys):
                labels = {name: random.sample(range(size), size) for name, size in sizes.items()}
                return {name: [labels[name][value] for value in values] for name, values in found.items()}
    return None


Columns = dict[str, list[Any]]


def filled(request: IndependentRequest, group: Group, random: Random) -> Columns:
    """Allocate the rows of a group that :func:`_draw` cannot: by modular arithmetic, else by backtracking.

    Returns:
        For each dimension the position of every row's value; None for NULL.

    Raises:
        TooFewError: the unique keys cannot take that many rows.
    """
    names = [dimension.name for dimension in group.dimensions]
    inside = [paired for paired in request.paired if paired.names() <= set(names)]
    taken = any(request.taken.get(key.name) for key, _ in group.keys)
    if not taken and not inside and request.per is None and request.spread == "even":
        sizes = {name: request.sizes[name] for name in names}
        found = latin_rows(sizes, [group.names_of(key) for key, _ in group.keys], request.amount, random)
        if found is not None:
            order = random.sample(range(request.amount), request.amount)
            return {name: [values[at] for at in order] for name, values in found.items()}
    uniques = []
    for key, _ in group.keys:
        columns = group.names_of(key)
        uniques.append(
            Unique(key.name, columns, key.nulls_distinct, frozenset(request.taken.get(key.name, ())))
        )
    return _drawn(request, group.dimensions, uniques, inside, random)


def fitting(request: IndependentRequest, paired: PairedKeys, random: Random) -> Columns:
    """Allocate two foreign keys that a CHECK compares and no unique key contains; returns what :func:`filled` does.

    Raises:
        TooFewError: the CHECK accepts no two referenced rows together.
    """
    by_name = {key.name: key for key in request.foreign_keys}
    names = (paired.pair.left, paired.pair.right)
    dimensions = [Dimension(by_name[name].columns, by_name[name]) for name in names]
    try:
        return _drawn(request, dimensions, [], [paired], random)
    except TooFewError:
        # A comparison with NULL refuses nothing.
        nullable = [
            replace(each, optional=optional(request.table, by_name[each.name])) for each in dimensions
        ]
        if nullable == dimensions:
            raise
        return _drawn(request, nullable, [], [paired], random)


def _drawn(
    request: IndependentRequest,
    dimensions: tuple[Dimension, ...] | list[Dimension],
    uniques: list[Unique],
    inside: list[PairedKeys],
    random: Random,
) -> Columns:
    relations = [
        Relation(
            dimension.name,
            (dimension.name,),
            [(position,) for position in range(request.sizes[dimension.name])],
            request.present_of(dimension.name) if dimension.foreign_key else (),
            (dimension.name,) if dimension.optional else (),
        )
        for dimension in dimensions
    ]
    first = dimensions[0].name
    each = request.per[1] if request.per is not None and request.per[0] == first else None
    limits = [Limit(p.pair.check, (p.pair.left, p.pair.right), p.fits) for p in inside]
    rows = agreeing_rows(Agreement(relations, uniques, request.amount, request.spread, each, limits), random)
    return {dimension.name: [row[dimension.name] for row in rows] for dimension in dimensions}


def part(paired: PairedKeys, positions: Mapping[str, list[int | None]], swapped: str, random: Random) -> None:
    """Repair rows that the CHECK refuses by swapping references, so that every referenced row keeps its share.

    A row for which no partner is found keeps its reference.

    Args:
        paired: a comparison of which one foreign key is in no unique key.
        positions: by foreign key, the position of each row's referenced row; changed in place.
        swapped: name of the foreign key in no unique key.
        random: draws the order in which partners are tried.
    """
    (name,) = paired.names() - {swapped}
    fixed, moved = positions[name], positions[swapped]
    order = random.sample(range(len(moved)), len(moved))
    for row in range(len(moved)):
        if paired.holds(name, fixed[row], moved[row]):
            continue
        for other in order:
            if paired.holds(name, fixed[row], moved[other]) and paired.holds(name, fixed[other], moved[row]):
                moved[row], moved[other] = moved[other], moved[row]
                break
