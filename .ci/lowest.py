"""Prints the lowest versions that pyproject.toml allows of what it asks for, as constraints for pip."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
BOUND = re.compile(r"([\w-]+)(?:\[.*?\])?>=([\d.]+)")

extras = PROJECT["optional-dependencies"]
for requirement in PROJECT["dependencies"] + extras["terminal"] + extras["plots"] + extras["dev"]:
    if requirement.startswith("iqtibas["):  # the extras above
        continue
    bound = BOUND.match(requirement)
    if not bound:
        raise SystemExit(f"pyproject.toml: no lowest version of {requirement!r}")
    print("{}=={}".format(*bound.groups()))
