"""Programs of the machine that turn a file of an old format into one of a kind that is read: antiword, LibreOffice.

Each runs by itself in a folder that is gone afterwards, its time, its memory and what it writes bounded by the
operating system, knows nothing of our environment, and is told neither to run nor to fetch what a file asks for.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from retrieval.errors import Cause, UnreadableError

OLD_WORD = "office.old_word"
"""The module that reads what antiword makes of an old Word file."""
_DOCX = "office.docx"
_SECONDS = 60  # of the processor, and in all
_MEMORY = 2 * 2**30  # bytes; LibreOffice reserves more than it takes
_WRITTEN = 100 * 2**20  # bytes of a file
_BOUNDED = (
    "import os, resource as r, sys\n"
    "kinds = r.RLIMIT_CPU, r.RLIMIT_AS, r.RLIMIT_FSIZE, r.RLIMIT_CORE\n"
    "for kind, most in zip(kinds, (*map(int, sys.argv[1:4]), 0)):\n"
    "    hard = r.getrlimit(kind)[1]\n"  # of who asks; beyond that nobody goes
    "    most = most if hard == r.RLIM_INFINITY else min(most, hard)\n"
    "    r.setrlimit(kind, (most, most))\n"
    "os.execvp(sys.argv[4], sys.argv[4:])\n"
)
_WORD = b"\xec\xa5"
_SECTOR, _LOCKED = 64, 0x100  # bytes, at whose beginning a document begins; and the flag at its byte 10
_KINDS = (b"\xd0\xcf\x11\xe0", b"\xdb\xa5", b"\x31\xbe", b"\xfe\x37", b"\xffWPC", b"<?xml")
"""How what Word wrote begins, from its first version for Windows to its XML of 2003."""
_NUMBERED = b"<orderedlist"
"""What antiword writes of a list whose numbers it leaves out: LibreOffice writes them."""
_IN, _OUT = "file.doc", "file.docx"
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def turned(content: bytes, name: str) -> tuple[bytes, str]:
    """An old Word file as a file of another kind, and the module that reads that. Raises UnreadableError where it is no
    such file, no program for it is found, or none can read it."""
    if not content.lstrip().startswith(_KINDS):  # LibreOffice would take any bytes for some text
        raise UnreadableError(f"{name}: not a Word file, or not a whole one; save it as .docx", Cause.DAMAGED)
    if _is_locked(content):
        raise UnreadableError(f"{name}: locked with a password; save it without one", Cause.LOCKED)
    antiword, office = shutil.which("antiword"), shutil.which("soffice") or shutil.which("libreoffice")
    if not antiword and not office:
        mend = "save it as .docx, or install antiword or LibreOffice, which read it"
        raise UnreadableError(f"{name}: an old Word file; {mend}", Cause.OLDER)
    with tempfile.TemporaryDirectory(prefix="iqtibas-") as place:
        folder = Path(place)
        (folder / _IN).write_bytes(content)
        found = _run([antiword, "-x", "db", _IN], folder) if antiword else b""
        if office and (not found or _NUMBERED in found):
            _run([office, *_office_options(folder), "--convert-to", "docx", _IN], folder)
            with suppress(OSError):
                return (folder / _OUT).read_bytes(), _DOCX
        if found:
            return found, OLD_WORD
    raise UnreadableError(f"{name}: damaged, or too large; save it as .docx", Cause.TOO_MUCH)


def _is_locked(content: bytes) -> bool:
    """Whether the document in an old Word file says that it is behind a password."""
    at = content.find(_WORD)
    while at >= 0 and at % _SECTOR:
        at = content.find(_WORD, at + 1)
    return at >= 0 and bool(int.from_bytes(content[at + 10 : at + 12], "little") & _LOCKED)


def _office_options(folder: Path) -> list[str]:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    return ["--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={profile.as_uri()}"]


def _run(command: list[str], folder: Path) -> bytes:
    """What a program writes to its output; "" where it fails, takes too long, or writes too much."""
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-c", _BOUNDED, *map(str, (_SECONDS, _MEMORY, _WRITTEN)), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(folder),
                "TMPDIR": str(folder),
                "LANG": "C.UTF-8",
            },
            cwd=folder,
            start_new_session=True,
        )
    status = None
    try:
        with suppress(subprocess.TimeoutExpired):
            status = process.wait(_SECONDS)
    finally:
        with suppress(ProcessLookupError):  # LibreOffice starts others
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return (folder / "output").read_bytes() if status == 0 else b""
