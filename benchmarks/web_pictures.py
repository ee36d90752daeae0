"""Draws the README's three pictures of the pages on the web, in Chromium.

    python benchmarks/web_pictures.py       writes web-answer.png, web-read.png and web-verify.png beside this file

The pages are the real ones, of the shipped corpus. It wants what ``make browser`` installs, and a good Arabic font.
"""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
sys.path += [str(HERE.parent), str(HERE.parent / "tests" / "support")]

from browser import Tab, browser  # noqa: E402
from web_face import Face, face_of  # noqa: E402

from retrieval import Library  # noqa: E402

SIZE = 400, 640
QUESTION = "أين تقع درعا؟"
CHECKED = "وتقع درعا على مقربة من الحدود السورية مع لبنان"


async def drawn(face: Face) -> None:
    """The three pictures."""
    async with browser("--force-device-scale-factor=1") as tab:
        await tab.size(*SIZE)
        await tab.open(f"{face.url}/?{urlencode({'question': QUESTION})}")
        await _keep(tab, "answer")
        await tab.loading(tab.run("document.querySelector('.source a').click()"))
        await _keep(tab, "read")
        await tab.open(f"{face.url}/verify")
        await tab.run("document.getElementById('text').focus()")
        await tab.write(CHECKED)
        await tab.loading(tab.run("document.querySelector('main button').click()"))
        await _keep(tab, "verify")


async def _keep(tab: Tab, name: str) -> None:
    await tab.run("document.activeElement.blur()")
    path = HERE / f"web-{name}.png"
    path.write_bytes(await tab.picture())
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} kB")


def main() -> None:
    """Serve the shipped corpus and draw."""
    library = Library.open(HERE.parent / "corpus", reader=False)
    with face_of(library) as face:
        asyncio.run(drawn(face))


if __name__ == "__main__":
    main()
