"""Tables found by their names, and by the keys that lead to them."""

from typing import cast

from tortoise.models import Model

import models


def target(model: type[Model], key: str) -> type[Model]:
    """The table that the foreign key `key` of `model` leads to."""
    name = cast(str, model._meta.fields_map[key].model_name)  # type: ignore[attr-defined]
    return named(name.removeprefix("models."))


def named(name: str) -> type[Model]:
    """The table of this name. Raises LookupError if there is none."""
    if (found := getattr(models, name, None)) is None:
        raise LookupError(f"there is no table {name}")
    return cast(type[Model], found)
