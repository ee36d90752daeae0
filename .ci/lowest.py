"""Prints the lowest versions that pyproject.toml allows of what it asks for, as constraints for pip."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]

extras = PROJECT["optional-dependencies"]
for requirement in PROJECT["dependencies"] + extras["terminal"] + extras["plots"] + extras["dev"]:
    if bound := re.match(r"([\w-]+)(?:\[.*?\])?>=([\d.]+)", requirement):
        print("{}=={}".format(*bound.groups()))
