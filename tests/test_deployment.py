"""What is shipped to run the bot by: it parses, hangs together, names only what there is, and its commands run."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
import yaml

from bot import values
from bot.figures import REGISTRY
from bot.settings import FROM_FILE, NAMES, Settings
from bot.terminal.cli import main
from bot.web.intake.requests import LARGEST

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "docs" / "deploy"
UNIT, CONTAINERFILE = DEPLOY / "iqtibas.service", DEPLOY / "Containerfile"
PAGES = ("docs/operating.md", "docs/operating.ar.md", "docs/cluster.md")
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
    assert links
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


def tool(name: str, *arguments: object, given: str | None = None) -> "subprocess.CompletedProcess[str]":
    """A program of the tests' environment."""
    command = [str(Path(sys.executable).parent / name), *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True)


def test_a_linter_finds_nothing_in_the_containerfile() -> None:
    text = CONTAINERFILE.read_text("utf-8")
    done = tool("hadolint", "-", given=text)
    assert (done.returncode, done.stdout) == (0, "")
    for right, wrong in (
        ("python:3.12-slim", "python"),
        ("USER 10001:10001", "USER root"),
        ("WORKDIR /data", "WORKDIR data"),
    ):
        assert right in text
        assert tool("hadolint", "-", given=text.replace(right, wrong)).returncode == 1


def test_compose_and_kubernetes_are_of_the_form_that_their_schemas_have(tmp_path: Path) -> None:
    schema = "--builtin-schema", "vendor.compose-spec"
    for name, check, right, wrong in (
        ("compose.yaml", ("check-jsonschema", *schema), "read_only: true", "readonly: true"),
        ("compose.yaml", ("check-jsonschema", *schema), "cap_drop: [ALL]", "cap_drop: ALL"),
        ("compose-cluster.yaml", ("check-jsonschema", *schema), "replicas: 2", "replica: 2"),
        ("kubernetes.yaml", ("kubernetes-validate", "--strict"), "replicas: 1", "replica: 1"),
        ("kubernetes.yaml", ("kubernetes-validate", "--strict"), "periodSeconds: 30", "periodSeconds: often"),
    ):
        done = tool(*check, DEPLOY / name)
        assert done.returncode == 0, done.stdout + done.stderr
        text = (DEPLOY / name).read_text("utf-8")
        assert right in text
        (tmp_path / name).write_text(text.replace(right, wrong), "utf-8")
        assert tool(*check, tmp_path / name).returncode != 0, wrong


def test_the_proxy_s_example_passes_on_to_where_the_bot_listens_and_tells_who_connects() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    host, port = Settings(Path(), Path()).webhook_listen
    assert f"proxy_pass http://{host}:{port};" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text  # and nothing that whoever connects wrote
    (url,) = re.findall(r"IQTIBAS_WEBHOOK=(\S+):", text)
    address = urlsplit(url)
    assert f"location = {address.path} {{" in text
    assert f"server_name {address.hostname};" in text
    (listening, site) = re.findall(r"IQTIBAS_WEB=(\S+) and IQTIBAS_WEB_ADDRESS=(\S+)\.\n", text)[0]
    assert f"proxy_pass http://{listening};" in text
    assert f"server_name {urlsplit(values.web_address(site)).hostname};" in text
    assert text.count("X-Forwarded-For") == text.count("proxy_pass")
    assert f"client_max_body_size {LARGEST // 1024}k;" in text


def test_nginx_takes_the_proxy_s_example(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    own = ("-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "certificate.pem")
    subprocess.run(("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *own), check=True, cwd=tmp_path)
    text = (DEPLOY / "nginx.conf").read_text("utf-8").replace("listen 443", "listen 127.0.0.1:8443")
    text = re.sub(r"/etc/\S+/fullchain\.pem", f"{tmp_path}/certificate.pem", text)
    text = re.sub(r"/etc/\S+/privkey\.pem", f"{tmp_path}/key.pem", text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    http = "".join(f"{kind}_temp_path {tmp_path};" for kind in kinds) + "access_log off;"

    def tried(example: str) -> subprocess.CompletedProcess[str]:
        whole = tmp_path / "nginx.conf"
        whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {http}\n{example}\n}}", "utf-8")
        command = (nginx, "-t", "-q", "-e", "stderr", "-p", tmp_path, "-c", whole)
        return subprocess.run(command, capture_output=True, text=True)

    done = tried(text)
    assert done.returncode == 0, done.stderr
    assert tried(text.replace("proxy_pass", "proxy_pas", 1)).returncode != 0


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
    (cluster,) = documents("compose-cluster.yaml")
    for service in cluster["services"].values():
        assert set(service["secrets"]) <= set(cluster["secrets"])
        files = [value for name, value in service["environment"].items() if name.endswith("_FILE")]
        assert {f"/run/secrets/{name}" for name in service["secrets"]} == set(files)
    assert cluster["services"]["bot"]["build"] == bot["build"]
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


def copied(to: Path) -> Path:
    """A folder with what is known to git, and nothing else."""
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, files.decode().split("\0")):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, to / name)
    return to


@pytest.mark.soak
def test_the_wheel_is_built_clean_and_runs_in_an_empty_folder_on_a_root_that_is_read_only(open_to_all: Path) -> None:
    source, place, dist = copied(open_to_all / "source"), open_to_all / "iqtibas", open_to_all / "dist"
    built = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", dist], cwd=source, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    assert "warning" not in (built.stdout + built.stderr).lower()
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    with ZipFile(wheel) as packed:
        names = set(packed.namelist())
        (about,) = [packed.read(name).decode() for name in names if name.endswith(".dist-info/METADATA")]
    assert {"bot/py.typed", "retrieval/py.typed", "bot/corpus/guide.md", "bot/phrases/ar.toml"} <= names
    assert {name.partition("/")[0] for name in names} == {
        "bot",
        "retrieval",
        f"{sdist.name.removesuffix('.tar.gz')}.dist-info",
    }
    assert "License-Expression: GPL-3.0-or-later" in about
    assert "Classifier: Typing :: Typed" in about
    shutil.rmtree(source)
    venv.create(place, with_pip=True)
    pip = [place / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "pip>=23.3"], check=True, capture_output=True)
    done = subprocess.run([*pip, "--constraint", ROOT / "requirements.lock", wheel], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    state, empty = open_to_all / "state", open_to_all / "empty"
    for folder in (state, empty):
        folder.mkdir()
    environ = {"PATH": f"{place}/bin:/usr/bin:/bin", "IQTIBAS_DATA": str(state), "HOME": "/nonexistent"}
    for arguments, status in ((("ask", "أين تقع درعا؟"), 0), (("doctor",), 0), (("health",), 1)):
        done = subprocess.run(
            [*_read_only(state, NOBODY if _may_run(NOBODY) else 0), "iqtibas", *arguments],
            cwd=empty,
            env=environ,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (status, ""), done.stdout + done.stderr
    assert list(empty.iterdir()) == []


def _read_only(but: Path, user: int) -> tuple[str, ...]:
    """What runs a command as another user, where that can be had, on a root that is read-only ``but`` for a folder."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode:
        return ()
    mounts = f"mount -t tmpfs -o mode=1777 tmpfs {but} && mount -o remount,bind,ro / && ! touch /written 2>/dev/null"
    return "unshare", "--mount", "sh", "-ec", f'{mounts}; exec "$@"', "sh", *_as(user)


@pytest.mark.soak
def test_the_steps_of_the_container_make_a_command_that_runs_without_the_checkout(tmp_path: Path) -> None:
    source, place = copied(tmp_path / "source"), tmp_path / "iqtibas"
    (step,) = [rest for name, rest in instructions() if name == "RUN" and "pip install" in rest]
    step = step.replace("/opt/iqtibas", str(place)).replace("python -m venv", f"{sys.executable} -m venv")
    subprocess.run(step, shell=True, cwd=source, check=True, timeout=1800)
    shutil.rmtree(source)
    environ = {"PATH": f"{place}/bin:/usr/bin:/bin", "IQTIBAS_DATA": str(tmp_path / "data"), "HOME": "/nonexistent"}
    for arguments, status in ((["ask", "أين تقع درعا؟"], 0), (["doctor"], 0), (["health"], 1)):
        done = subprocess.run(["iqtibas", *arguments], cwd=tmp_path, env=environ, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (status, ""), done.stderr
