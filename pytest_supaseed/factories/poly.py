"""polyfactory adapter: builds objects without persisting them, and without related objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pytest_supaseed.factories.base import Lent, RowFactory, common_sources, of_faker


class Polyfactory(RowFactory):
    """A ``ModelFactory``, ``DataclassFactory``, ``TypedDictFactory``, ``SQLAlchemyFactory`` or other subclass."""

    @classmethod
    def made_by_its_library(cls, value: object) -> bool:
        """Whether a value is a factory of polyfactory."""
        return isinstance(value, type) and all(
            hasattr(value, name) for name in ("get_model_fields", "process_kwargs", "__random__", "build")
        )

    @property
    def model(self) -> Any:
        """The class that it builds; None for a base factory."""
        return getattr(self.kind, "__model__", None)

    def _declarations(self) -> Mapping[str, str]:
        names = (str(field.name) for field in self.kind.get_model_fields())
        return {name: name for name in names if not _is_ignored(getattr(self.kind, name, None))}

    def build(self, number: int, supplied: Mapping[str, Any]) -> Any:
        """Build an object without saving it."""
        fields = {str(field.name) for field in self.kind.get_model_fields()}
        handed = {name: value for name, value in supplied.items() if name in fields}
        for name, relationship in self._relationships().items():
            if name in fields and not hasattr(self.kind, name):
                handed[name] = (relationship.collection_class or list)() if relationship.uselist else None
        return self.kind.build(**handed)

    def _relationships(self) -> Mapping[str, Any]:
        mapper = getattr(self.model, "__mapper__", None)
        return {} if mapper is None else dict(mapper.relationships.items())

    def go_on_after(self, rows: int) -> None:
        """Do nothing: polyfactory counts no rows."""

    def _random_sources(self) -> Iterable[Lent]:
        base = next(kind for kind in reversed(self.kind.__mro__) if "__random__" in vars(kind))
        kinds = (base, *_descendants(base))
        return [
            *common_sources(),
            *(Lent("polyfactory", kind.__random__) for kind in kinds),
            *(source for kind in kinds for source in of_faker(kind.__faker__)),
        ]


def _descendants(kind: Any) -> Iterator[Any]:
    for descendant in kind.__subclasses__():
        yield descendant
        yield from _descendants(descendant)


def _is_ignored(declaration: object) -> bool:
    return type(declaration).__name__ == "Ignore" and type(declaration).__module__ == "polyfactory.fields"
