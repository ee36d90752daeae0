"""What is shipped to run the bot by: it parses, hangs together, names only what there is, and its commands run."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from bot.figures import REGISTRY
from bot.settings import FROM_FILE, NAMES
from bot.terminal.cli import main

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "docs" / "deploy"
UNIT, CONTAINERFILE = DEPLOY / "iqtibas.service", DEPLOY / "Containerfile"
PAGES = ("docs/operating.md", "docs/operating.ar.md")
SHIPPED = [*sorted(DEPLOY.iterdir()), *(ROOT / page for page in PAGES)]
NOBODY = 65534
INSTRUCTIONS = {
    *("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT", "CMD"),
}


def instructions() -> list[tuple[str, str]]:
    """Those of the Containerfile, each with what follows it."""
    text = CONTAINERFILE.read_text("utf-8")
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def last_stage() -> dict[str, str]:
    found = instructions()
    begins = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return dict(found[begins:])


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text("utf-8")))


@pytest.mark.parametrize(
    "path", [*sorted(DEPLOY.iterdir()), *(ROOT / page for page in PAGES)], ids=lambda path: path.name
)
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    named = set(re.findall(r"\b(?:IQTIBAS|TELEGRAM)_[A-Z_]+[A-Z]\b", path.read_text("utf-8")))
    known = {*NAMES, *(name + FROM_FILE for name in NAMES), "IQTIBAS_CONFIG", "IQTIBAS_COMPLETE"}
    assert named - known == set()


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    links = re.findall(r"\]\((?!http)([\w./-]+)\)", text)
    assert len(links) >= 5
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    commands = set(re.findall(r"\biqtibas ([a-z]+)\b", text)) - {"serve"}
    assert commands <= set(main.commands)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_takes_the_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    command = Path(sys.executable).parent / "iqtibas"
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/iqtibas/bin/iqtibas", str(command)), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)], capture_output=True, text=True
    )
    (exposed,) = re.findall(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert float(exposed) <= 2


def test_the_container_is_nobodys_root_and_says_how_it_fares() -> None:
    assert {name for name, _ in instructions()} <= INSTRUCTIONS
    stage = last_stage()
    assert re.fullmatch(r"[1-9][0-9]*:[1-9][0-9]*", stage["USER"])
    check = json.loads(stage["HEALTHCHECK"].partition("CMD ")[2])
    assert check[0] == "iqtibas"
    assert check[1] in main.commands
    assert json.loads(stage["CMD"])[0] in main.commands
    assert json.loads(stage["ENTRYPOINT"]) == ["iqtibas"]
    for name, rest in instructions():
        assert name != "RUN" or subprocess.run(["sh", "-nc", rest]).returncode == 0
        assert name != "FROM" or re.search(r":[0-9]", rest), "a base has its version"


def test_the_containers_of_compose_and_kubernetes_have_what_they_mount() -> None:
    (compose,) = documents("compose.yaml")
    bot = compose["services"]["bot"]
    assert bot["read_only"] is True
    assert (DEPLOY / bot["build"]["context"] / bot["build"]["dockerfile"]).resolve() == CONTAINERFILE
    assert {"state"} == set(compose["volumes"])
    assert bot["environment"]["TELEGRAM_BOT_TOKEN_FILE"] == f"/run/secrets/{bot['secrets'][0]}"
    claim, deployment = documents("kubernetes.yaml")
    spec = deployment["spec"]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    assert {each["name"] for each in container["volumeMounts"]} == {each["name"] for each in pod["volumes"]}
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    environ = {each["name"]: each["value"] for each in container["env"]}
    assert environ["IQTIBAS_METRICS"].endswith(f":{container['ports'][0]['containerPort']}")
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["path"] in ("/healthz", "/readyz")
    assert str(pod["securityContext"]["runAsUser"]) == last_stage()["USER"].partition(":")[0]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_dashboard_asks_for_figures_that_there_are() -> None:
    board = json.loads((ROOT / "docs" / "grafana.json").read_text("utf-8"))
    asked = {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in re.findall(r"\b(?:iqtibas|process)_\w+", target["expr"])
    }
    there = {sample for family in REGISTRY.collect() for sample in _names(family)}
    assert len(asked) >= 10
    assert asked - there == set()


def _names(family: Any) -> set[str]:
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(family.type, [""])
    return {family.name + ending for ending in endings}


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that other users reach; pytest's own they do not."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(not shutil.which("setpriv") or os.geteuid() != 0, reason="only root may be another user")
def test_without_rights_or_a_home_it_asks_and_looks_and_writes_nothing_but_the_state(open_to_all: Path) -> None:
    state, read_only = open_to_all / "state", open_to_all / "root"
    user = NOBODY if _may_run(NOBODY) else 0  # with no right that root has, its files are all that it may write
    for folder, owner in ((state, user), (read_only, 1)):
        folder.mkdir()
        os.chown(folder, owner, owner)
    read_only.chmod(0o555)
    environ = {
        "IQTIBAS_DATA": str(state),
        "IQTIBAS_READER": "off",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
    }
    statuses, said = {}, ""
    for arguments in (("ask", "أين تقع درعا؟"), ("index", "--no-vectors"), ("doctor",), ("health",)):
        command = (*_as(user), sys.executable, "-m", "bot", *arguments)
        done = subprocess.run(command, cwd=read_only, env=environ, capture_output=True, text=True)
        assert "Traceback" not in done.stderr, done.stderr
        statuses[arguments[0]] = done.returncode
        said += done.stdout + done.stderr
    assert statuses == {"ask": 0, "index": 0, "doctor": 0, "health": 1}, said
    assert list(read_only.iterdir()) == []


def _as(user: int) -> tuple[str, ...]:
    who = f"--reuid={user}", f"--regid={user}", "--clear-groups"
    return "setpriv", *who, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"


def _may_run(user: int) -> bool:
    """Whether another user may run the Python of the tests."""
    return subprocess.run([*_as(user), sys.executable, "-c", ""], capture_output=True).returncode == 0


@pytest.mark.soak
def test_the_steps_of_the_container_make_a_command_that_runs_without_the_checkout(tmp_path: Path) -> None:
    source, place = tmp_path / "source", tmp_path / "iqtibas"
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, files.decode().split("\0")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    (step,) = [rest for name, rest in instructions() if name == "RUN" and "pip install" in rest]
    step = step.replace("/opt/iqtibas", str(place)).replace("python -m venv", f"{sys.executable} -m venv")
    subprocess.run(step, shell=True, cwd=source, check=True, timeout=1800)
    shutil.rmtree(source)
    environ = {"PATH": f"{place}/bin:/usr/bin:/bin", "IQTIBAS_DATA": str(tmp_path / "data"), "HOME": "/nonexistent"}
    for arguments, status in ((["ask", "أين تقع درعا؟"], 0), (["doctor"], 0), (["health"], 1)):
        done = subprocess.run(["iqtibas", *arguments], cwd=tmp_path, env=environ, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (status, ""), done.stderr
