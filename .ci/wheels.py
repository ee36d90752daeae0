"""Says whether all that requirements.lock names has a wheel for ARM, so that nothing is compiled there.

    .venv/bin/python .ci/wheels.py [PYTHON …]        as of 3.11 3.12 3.13; ends with 1 where one is missing

Nothing is installed; pip brings the wheels and lets go of them.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
GLIBC = range(17, 37)  # minor versions: to Debian 12's, which the Containerfile has
PLATFORMS = ["manylinux2014_aarch64", *(f"manylinux_2_{minor}_aarch64" for minor in GLIBC)]
MISSING = re.compile(r"No matching distribution found for (\S+)")


def missing(python: str) -> list[str]:
    """What has no wheel for a version of Python; raises SystemExit where pip fails otherwise."""
    wanted, found = LOCK.read_text("utf-8").split("\n"), list[str]()
    platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
    with tempfile.TemporaryDirectory() as folder:
        left = Path(folder, "left.txt")
        command = (sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--only-binary=:all:", "--quiet")
        command += (*platforms, "--python-version", python, "--target", folder, "--requirement", str(left))
        while True:
            left.write_text("\n".join(line for line in wanted if line not in found), "utf-8")
            done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603  (pip, as named above)
            if done.returncode == 0:
                return found
            told = MISSING.search(done.stderr)
            if told is None or told[1] not in wanted:
                raise SystemExit(done.stderr)
            found.append(told[1])


lacking = {python: missing(python) for python in sys.argv[1:] or ("3.11", "3.12", "3.13")}
for version, names in lacking.items():
    print(f"Python {version} on ARM: {', '.join(names) or 'a wheel for each of requirements.lock'}")
sys.exit(any(lacking.values()))
