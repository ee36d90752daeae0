"""``iqtibas doctor`` as a process: what it says, and that it leaves everything as it was."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from emulator import TelegramServer
from places import ROOT
from proxy import Proxy

from bot.store.database import NAME, Database
from bot.store.folders import VERSIONS
from retrieval import Document, PastVersions

SECRET = "s3cret-pass"  # noqa: S105
TOKEN = {"TELEGRAM_BOT_TOKEN": f"123456:{SECRET}"}


def doctor(home: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("IQTIBAS_", "TELEGRAM_")) and "proxy" not in k}
    wanted = {"IQTIBAS_READER": "off", "PYTHONPATH": str(ROOT), "IQTIBAS_DATA": str(home / "data"), "NO_PROXY": ""}
    return subprocess.run(
        [sys.executable, "-m", "bot", "doctor", *arguments],
        cwd=home,
        env=environ | wanted | settings,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


def finding(done: "subprocess.CompletedProcess[str]", subject: str) -> str:
    return "\n".join(line for line in done.stdout.splitlines() if line[2:].startswith(f"{subject}: "))


def tree(home: Path) -> dict[str, tuple[int, int, bytes]]:
    paths = sorted(home.rglob("*"))
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in paths
    }


def test_all_that_an_operator_asks_is_said_and_nothing_is_changed(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "data")):
        pass
    subprocess.run(
        [sys.executable, "-m", "bot", "index", "--no-vectors"],
        cwd=tmp_path,
        env=os.environ | {"IQTIBAS_DATA": str(tmp_path / "data"), "IQTIBAS_READER": "off", "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )
    before = tree(tmp_path)
    done = doctor(tmp_path, IQTIBAS_ADMINS="77", IQTIBAS_ALLOWED="1,2", IQTIBAS_CORPSE="x")
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(tmp_path) == before
    assert "engine: disk" in finding(done, "corpus")
    assert "with a day of publication: 0" in finding(done, "corpus")
    assert "77" in finding(done, "admins")
    assert "1, 2" in finding(done, "may ask")
    assert "did you mean 'IQTIBAS_CORPUS'" in finding(done, "settings")
    for subject in ("version", "state", "versions", "disk", "memory", "proxy", "token"):
        assert finding(done, subject)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root looks at what is another's")
def test_run_as_root_beside_a_bot_of_another_user_it_leaves_all_as_that_user_s(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with closing(Database(data)) as serving:
        with serving.transaction():
            serving.run("INSERT INTO chats VALUES (1, 'group', 'member', 1, NULL)")
        for path in (data, *data.rglob("*")):
            os.chown(path, 65534, 65534)
        before = {name: one for name, one in tree(tmp_path).items() if not name.endswith("-shm")}
        done = doctor(tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert {name: one for name, one in tree(tmp_path).items() if not name.endswith("-shm")} == before
        assert {path.stat().st_uid for path in (data, *data.rglob("*"))} == {65534}
        assert any(name.endswith("-wal") for name in before)


def test_without_an_index_a_small_corpus_is_read_and_a_large_one_is_not(tmp_path: Path) -> None:
    assert "engine: memory" in finding(doctor(tmp_path), "corpus")
    large = tmp_path / "large"
    large.mkdir()
    with (large / "a.txt").open("wb") as file:
        file.truncate(40 * 2**20)
    done = doctor(tmp_path, "--corpus", str(large))
    assert "no index yet" in finding(done, "corpus")
    assert not (tmp_path / "data").exists()


def test_json_has_each_finding_and_whether_all_is_good(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--json", IQTIBAS_CORPUS="missing")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert told["good"] is False
    (corpus,) = [each for each in told["findings"] if each["subject"] == "corpus"]
    assert corpus["state"] == "bad"
    assert "no corpus at" in corpus["says"]


@pytest.mark.parametrize(("script", "said"), [("PRAGMA user_version = 999", "newer version"), (None, "damaged")])
def test_a_state_file_that_cannot_be_used_is_said(tmp_path: Path, script: str | None, said: str) -> None:
    path = tmp_path / "data" / NAME
    path.parent.mkdir()
    if script:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(script)
    else:
        path.write_bytes(b"no database" * 1000)
    before = tree(tmp_path)
    done = doctor(tmp_path)
    assert done.returncode == 1
    assert said in finding(done, "state")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_the_token_is_asked_for_by_the_proxy_that_is_named_without_its_password(tmp_path: Path, scheme: str) -> None:
    with TelegramServer() as server, Proxy() as proxy:
        user = f"me:{SECRET}@" if scheme == "http" else ""
        done = doctor(
            tmp_path,
            TELEGRAM_BOT_TOKEN=server.token,
            TELEGRAM_API_URL=server.url,
            ALL_PROXY=f"{scheme}://{user}{proxy.address}",
        )
        assert proxy.asked == [server.url.removeprefix("http://")]
    assert "the bot is @" in finding(done, "token")
    assert proxy.address in finding(done, "proxy")
    assert SECRET not in done.stdout + done.stderr


def test_what_a_proxy_or_a_certificate_cannot_do_is_a_line_and_no_trace(tmp_path: Path) -> None:
    for wrong in (
        {"HTTPS_PROXY": f"ftp://me:{SECRET}@h:1"},
        {"SSL_CERT_FILE": "missing"},
        {"ALL_PROXY": "socks5://127.0.0.1:1"},
    ):
        done = doctor(tmp_path, **TOKEN, **wrong)
        assert done.returncode == 1
        assert finding(done, "token").startswith("✗")
        assert "Traceback" not in done.stdout + done.stderr
        assert SECRET not in done.stdout + done.stderr


def test_no_password_of_the_servers_address_is_shown(tmp_path: Path) -> None:
    url = f"http://me:{SECRET}@127.0.0.1:1"
    done = doctor(tmp_path, TELEGRAM_API_URL=url, **TOKEN)
    assert "does not answer" in finding(done, "token")
    assert SECRET not in done.stdout + done.stderr
    assert SECRET not in doctor(tmp_path, TELEGRAM_API_URL=f"{url}/path").stdout


def test_the_versions_of_texts_are_counted_and_a_damaged_file_is_bad(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / VERSIONS
    with closing(PastVersions(path)) as past:
        past.keep([Document("bridge.txt", "خبر", "خبر الجسر")])
    before = tree(tmp_path)
    assert "kept for references: 1," in finding(doctor(tmp_path), "versions")
    assert tree(tmp_path) == before
    path.write_bytes(b"x" * 5000)
    done = doctor(tmp_path)
    assert done.returncode == 1
    assert "mend that, or put a copy in its place" in finding(done, "versions")
