"""Chromium without a window, led by its DevTools protocol: pages are opened, keys pressed, what is seen is read.

Nothing but aiohttp and Chromium itself is needed for that. The protocol: https://chromedevtools.github.io/devtools-protocol
"""

import asyncio
import base64
import itertools
import json
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 120.0
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # in a container there is no other user for it
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
    "--remote-debugging-port=0",
)
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}


def found() -> str | None:
    """The browser's program; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def axe() -> str | None:
    """The script of axe-core, which looks for what shuts people out; None where it is not installed."""
    try:
        return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return None


class Tab:
    """A page in the browser. ``requests`` are the addresses that it has asked for; ``complaints`` what the browser said
    of it, as where its own policy forbids something."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self.requests: list[str] = []
        self.complaints: list[str] = []

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        """What a method of the protocol gives."""
        number = next(self._numbers)
        answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answered
        await self._socket.send_json({"id": number, "method": method, "params": params})
        return await asyncio.wait_for(answered, PATIENCE)

    async def listen(self) -> None:
        """Take in what the browser tells, until it ends."""
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                answered = self._waiting.pop(told["id"])
                if "error" in told:
                    answered.set_exception(AssertionError(str(told["error"])))
                else:
                    answered.set_result(told["result"])
            else:
                self._note(told["method"], told["params"])

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))

    async def begin(self) -> None:
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.call(f"{domain}.enable")

    async def open(self, url: str) -> None:
        """Open an address, and wait until all of it is there."""
        self._loaded.clear()
        if "loaderId" in await self.call("Page.navigate", url=url):  # else it is another place of the same page
            await asyncio.wait_for(self._loaded.wait(), PATIENCE)

    async def loading(self, action: Any) -> None:
        """Await what leads to another page, and until that is there."""
        self._loaded.clear()
        await action
        await asyncio.wait_for(self._loaded.wait(), PATIENCE)

    async def size(self, width: int, height: int, *, is_dark: bool = False, media: str = "") -> None:
        """Show pages as on a screen so large, by day or by night, or as ``media`` would, as "print"."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        await self.call("Emulation.setEmulatedMedia", media=media, features=[scheme])

    async def run(self, script: str) -> Any:
        """The value of a script in the page; of a promise, what it comes to."""
        done = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    async def until(self, script: str, wanted: object) -> None:
        """Wait for what the page does in its own time, as giving a field the focus: until a script has that value."""
        seen = await self.run(script)
        ended = asyncio.get_running_loop().time() + PATIENCE
        while seen != wanted:
            assert asyncio.get_running_loop().time() < ended, f"{script} is {seen!r}, not {wanted!r}"
            await asyncio.sleep(0.05)
            seen = await self.run(script)

    async def press(self, key: str, *, back: bool = False) -> None:
        """Press a key; ``back``: with the shift key."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        keyed = {"key": key, "code": {" ": "Space"}.get(key, key), "windowsVirtualKeyCode": _KEYS[key]}
        keyed |= {"modifiers": 8 if back else 0} | ({"text": text} if text else {})
        await self.call("Input.dispatchKeyEvent", type="keyDown", **keyed)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **keyed)

    async def write(self, text: str) -> None:
        """Write a text where the cursor is."""
        await self.call("Input.insertText", text=text)

    async def picture(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def browser(*options: str) -> AsyncIterator[Tab]:
    """A browser with an empty page, whose process ends with the context."""
    program = found()
    assert program, "there is no Chromium"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        command = [program, *OPTIONS, *options, f"--user-data-dir={home}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            async with aiohttp.ClientSession() as session:
                url = await _page(session, Path(home) / "DevToolsActivePort", process)
                async with session.ws_connect(url, max_msg_size=0) as socket:
                    tab = Tab(socket)
                    listening = asyncio.create_task(tab.listen())
                    await tab.begin()
                    yield tab
                    listening.cancel()
        finally:
            process.terminate()
            process.wait()


async def _page(session: aiohttp.ClientSession, file: Path, process: "subprocess.Popen[bytes]") -> str:
    """The address of the empty page, once the browser is there."""
    async with asyncio.timeout(PATIENCE):
        while not file.exists() or not file.read_text().count("\n"):
            assert process.poll() is None, "Chromium ended by itself"
            await asyncio.sleep(0.05)
        port = file.read_text().split()[0]
        while True:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [each for each in await answer.json() if each["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
            await asyncio.sleep(0.05)
