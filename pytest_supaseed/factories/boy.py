"""factory_boy adapter: builds objects without saving them, with sequences and iterators that restart per table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from pytest_supaseed.factories.base import Lent, RowFactory, common_sources, of_faker


class FactoryBoy(RowFactory):
    """A ``factory.Factory`` subclass, those for an ORM included."""

    def __init__(self, kind: Any) -> None:
        super().__init__(kind)
        self._counters: list[Any] = []
        self._iterators: dict[int, Any] = {}

    @classmethod
    def made_by_its_library(cls, value: object) -> bool:
        """Whether a value is a factory of factory_boy."""
        options = getattr(value, "_meta", None)
        return isinstance(value, type) and hasattr(options, "pre_declarations") and hasattr(value, "build")

    @property
    def model(self) -> Any:
        """The class that it builds; None for an abstract factory."""
        options = self.kind._meta
        return None if options.abstract else options.get_model_class()

    def _declarations(self) -> Mapping[str, str]:
        options = self.kind._meta
        hidden = {*options.exclude, *options.parameters}
        return {
            str(name): str(options.rename.get(name, name))
            for name in (*options.pre_declarations, *options.post_declarations)
            if name not in hidden
        }

    def build(self, number: int, supplied: Mapping[str, Any]) -> Any:
        """Build an object, and those of its sub-factories, without saving them."""
        handed = {name: value for name, value in supplied.items() if name in self.kind._meta.pre_declarations}
        for counter in self._counters:
            counter.reset(number)
        return self.kind.build(__sequence=number, **handed)

    def go_on_after(self, rows: int) -> None:
        """Have the sequence of the factory, and of those that share it, go on after rows that were made with it."""
        base = import_module("factory.base")
        options = self.kind._meta.counter_reference
        if options is None or options.factory._setup_next_sequence.__func__ is not _first_of(base):
            # It begins where the project says.
            return
        if options._counter is None:
            options._counter = base._Counter(seq=rows)
        elif options._counter.seq < rows:
            options._counter.reset(rows)

    def _random_sources(self) -> Iterable[Lent]:
        fakers = import_module("factory.faker").Faker._FAKER_REGISTRY.values()
        return [
            *common_sources(),
            Lent("factory_boy", import_module("factory.random").randgen),
            *(source for faker in fakers for source in of_faker(faker)),
        ]

    @contextmanager
    def lent(self) -> Iterator[tuple[Lent, ...]]:
        """Lend random generators, sequence counters and iterators to the table; restore all of them on exit."""
        base = import_module("factory.base")
        options = [kind._meta for kind in _descendants(base.BaseFactory) if hasattr(kind, "_meta")]
        counters = [(option, option._counter) for option in options]
        iterators = [
            (declaration, declaration.iterator) for option in options for declaration in _iterators(option)
        ]
        # Factories that share a counter share its replacement.
        own: dict[int, Any] = {}
        for option in options:
            option._counter = own.setdefault(id(option.counter_reference), base._Counter(seq=0))
        for declaration, _ in iterators:
            declaration.iterator = self._iterators.get(id(declaration))
        self._counters = list(own.values())
        try:
            with super().lent() as sources:
                yield sources
        finally:
            for option, counter in counters:
                option._counter = counter
            for declaration, iterator in iterators:
                self._iterators[id(declaration)] = declaration.iterator
                declaration.iterator = iterator


def _first_of(base: Any) -> Any:
    """Return factory_boy's own function for the first number of a sequence."""
    return base.BaseFactory._setup_next_sequence.__func__


def _descendants(kind: Any) -> Iterator[Any]:
    for descendant in kind.__subclasses__():
        yield descendant
        yield from _descendants(descendant)


def _iterators(options: Any) -> Iterator[Any]:
    for entry in options.pre_declarations.values():
        if hasattr(entry.declaration, "iterator_builder"):
            yield entry.declaration
