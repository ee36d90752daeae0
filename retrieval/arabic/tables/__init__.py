"""Reads the tables of the language, the ``.toml`` files beside this one, each once, when first needed."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The table ``name.toml``. Its words stand as people write them; whoever reads them folds them."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def lines(name: str) -> list[str]:
    """The lines of a table that is plain text, those that say something of it left out."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
