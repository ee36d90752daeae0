"""The pages as people meet them, in Chromium: read, by keyboard alone, on a phone and on a desk, by day and night."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import browser
import pytest
from browser import Tab
from places import DATA, ROOT
from web_face import Face, face_of

from bot.phrases import phrases
from bot.sources.addresses import page_of
from retrieval import Library, Span

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SAYS = phrases("ar")
QUESTION = "أين تقع درعا؟"
QUOTED = (
    "ولم تنفذ المقاتلات السورية عمليات بهذه الكثافة منذ تدخلها في عام 2015 في سوريا وتقع درعا على مقربة من "
    "الحدود السورية مع الاردن واسرائيل,"
)
SIZES = ((360, 740), (1280, 900))
IN_VIEW = """(() => { const box = document.getElementById('quote').getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth; })()"""
TITLED = """(() => { const box = document.querySelector('.running').getBoundingClientRect();
    const seen = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    return seen.className === 'running' && box.top >= 0
        && box.bottom <= document.getElementById('quote').getBoundingClientRect().top; })()"""
HEADED = "document.querySelector('h1').getBoundingClientRect().bottom > 0"
MARKED = "[...document.querySelectorAll('mark')].map(mark => mark.textContent).join('\\n')"
FOCUSED = "document.activeElement.id || document.activeElement.textContent.trim()"
WIDE = "document.documentElement.scrollWidth > innerWidth"

Trial = Callable[[Tab, Face, Library], Coroutine[Any, Any, None]]


def needed(what: str) -> None:
    """Skip where something is missing; fail where it was asked for."""
    told = f"{what} is not installed: make browser installs it"
    if os.environ.get("IQTIBAS_BROWSER"):
        pytest.fail(told)
    pytest.skip(told)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    if browser.found() is None:
        needed("Chromium")
    corpus = tmp_path_factory.mktemp("browser")
    for file in (ROOT / "corpus/astana-talks.txt", DATA / "formats/pdf/railway.pdf", DATA / "headings/guide.md"):
        (corpus / file.name).write_bytes(file.read_bytes())
    long = "كلمةطويلةجدالايفصلهافاصل" * 12
    (corpus / "long.txt").write_text(f"عنوان طويل {long}\n\n{long} وهذه https://example.org/{'a' * 300}\n", "utf-8")
    (corpus / "broken.docx").write_bytes(b"no archive")
    opened = Library.open(corpus, engine="memory", reader=False)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def face(library: Library) -> Iterator[Face]:
    with face_of(library, examples=(QUESTION,)) as served:
        yield served


def in_browser(face: Face, library: Library, trial: Trial) -> None:
    """Try something in a browser; it must have asked nobody else for anything, and have had nothing to complain of."""

    async def tried() -> None:
        async with _tab() as tab:
            await trial(tab, face, library)
            foreign = [url for url in tab.requests if not url.startswith((face.url, "about:", "data:"))]
            assert foreign == []
            assert tab.complaints == []

    asyncio.run(tried())


@asynccontextmanager
async def _tab() -> AsyncIterator[Tab]:
    async with browser.browser() as tab:
        await tab.size(*SIZES[1])
        yield tab


def read_page(library: Library, document: str, words: str) -> str:
    own = library.documents.stored(document)
    start = own.text.index(words)
    return page_of(library.placed(own, Span(start, start + len(words))))


def test_a_question_is_asked_its_source_opened_and_the_mark_is_in_view_word_for_word(
    face: Face, library: Library
) -> None:
    async def trial(tab: Tab, face: Face, library: Library) -> None:
        for width, height in SIZES:
            await tab.size(width, height)
            await tab.open(face.url)
            assert await tab.run("getComputedStyle(document.body).direction") == "rtl"
            await tab.run("document.getElementById('question').focus()")
            await tab.write(QUESTION)
            await tab.loading(tab.press("Enter"))
            await tab.until("location.search", "")
            await tab.until("document.querySelector('blockquote').textContent", QUOTED)
            await tab.loading(tab.run("document.querySelector('.source a').click()"))
            await tab.until(MARKED, QUOTED)
            await tab.until(IN_VIEW, True)
            stored = library.documents.stored("astana-talks.txt").text
            assert await tab.run(MARKED) in stored
            assert not await tab.run(WIDE)

    in_browser(face, library, trial)


def test_the_title_stays_in_view_where_the_page_opens_at_the_mark(face: Face, library: Library) -> None:
    """In a line of its own, which the heading covers as long as that is in view."""

    async def trial(tab: Tab, face: Face, library: Library) -> None:
        for width, height in ((360, 740), (360, 480), (740, 360)):
            await tab.size(width, height)
            await tab.open("about:blank")
            await tab.open(face.url + read_page(library, "astana-talks.txt", QUOTED))
            await tab.until(IN_VIEW, True)
            await tab.until(HEADED, False)
            assert await tab.run(TITLED), (width, height)
            title = library.documents.stored("astana-talks.txt").title
            assert await tab.run("document.querySelector('.running').textContent") == title
            await tab.run("scrollTo(0, 0)")
            await tab.until(HEADED, True)
            assert not await tab.run(TITLED), (width, height)

    in_browser(face, library, trial)


def test_all_of_it_can_be_done_by_keyboard_alone(face: Face, library: Library) -> None:
    async def reach(tab: Tab, wanted: str) -> None:
        for _ in range(40):
            if await tab.run(FOCUSED) == wanted:
                assert await tab.run("document.activeElement.matches(':focus-visible')")
                assert await tab.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
                return
            await tab.press("Tab")
        raise AssertionError(f"{wanted!r} is never reached")

    async def trial(tab: Tab, face: Face, _: Library) -> None:
        await tab.open(f"{face.url}/sources")
        await tab.press("Tab")
        await tab.until(FOCUSED, SAYS.web["skip"])
        await tab.press("Enter")
        await tab.until("location.hash", "#content")
        await tab.open(face.url)
        await tab.until(FOCUSED, "question")
        await tab.write(QUESTION)
        await tab.press("Tab")
        await tab.until(FOCUSED, SAYS.web["ask"])
        await tab.loading(tab.press("Enter"))
        await reach(tab, f"{SAYS.button_context}{SAYS.dot}{library.documents.stored('astana-talks.txt').title}")
        assert not await tab.run("document.querySelector('details').open")
        await tab.press("Enter")
        await tab.until("document.querySelector('details').open", True)
        await reach(tab, SAYS.web["open"])
        await tab.loading(tab.press("Enter"))
        await tab.until(IN_VIEW, True)

    in_browser(face, library, trial)


def test_no_page_shuts_anybody_out(face: Face, library: Library) -> None:
    """axe-core finds nothing, on a phone and on a desk, by day and by night; and no page is wider than its window."""
    script = browser.axe()
    if script is None:
        needed("axe-core")
    document = library.documents.stored("railway.pdf")
    line = next(line for line in document.text.splitlines() if len(line) > 40)
    paths = [
        "/",
        f"/?question={QUESTION}",
        "/?question=ما هي عاصمة فرنسا؟",
        "/sources",
        "/sources?title=كلمة",
        "/verify",
        "/nowhere",
        "/r/nothing",
        "/read?document=guide.md",
        "/read?document=long.txt",
        read_page(library, "astana-talks.txt", QUOTED),
        read_page(library, "railway.pdf", line),
        f"/en/?question={QUESTION}",
        "/en/sources",
    ]

    async def trial(tab: Tab, face: Face, _: Library) -> None:
        for path in paths:
            for width, height in SIZES:
                for is_dark in (False, True):
                    await tab.size(width, height, is_dark=is_dark)
                    await tab.open("about:blank")
                    await tab.open(face.url + path)
                    where = f"{path} at {width}, {'night' if is_dark else 'day'}"
                    assert not await tab.run(WIDE), where
                    await tab.run("document.querySelectorAll('details').forEach(each => each.open = true)")
                    await tab.run(script)
                    found = await tab.run("axe.run().then(found => found.violations)")
                    told = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
                    assert told == [], f"{where}: {told}"
        tab.complaints[:] = [told for told in tab.complaints if "404" not in told]

    in_browser(face, library, trial)


def test_a_text_is_checked_and_a_page_is_printed_with_the_mark_and_without_forms(face: Face, library: Library) -> None:
    async def trial(tab: Tab, face: Face, _: Library) -> None:
        await tab.open(f"{face.url}/verify")
        await tab.run("document.getElementById('text').focus()")
        await tab.write(QUOTED.replace("2015", "2014"))
        await tab.loading(tab.run("document.querySelector('main button').click()"))
        assert SAYS.verdicts["altered"] in await tab.run("document.body.innerText")
        await tab.open(face.url + read_page(library, "astana-talks.txt", QUOTED))
        await tab.size(*SIZES[1], media="print")
        assert await tab.run("getComputedStyle(document.querySelector('nav')).display") == "none"
        await tab.until(MARKED, QUOTED)
        assert (await tab.call("Page.printToPDF", printBackground=False))["data"]

    in_browser(face, library, trial)


def test_the_picture_of_a_pdf_stands_beside_its_text_on_a_desk_and_below_it_on_a_phone(
    face: Face, library: Library
) -> None:
    document = library.documents.stored("railway.pdf")
    line = next(line for line in document.text.splitlines() if len(line) > 40)

    async def trial(tab: Tab, face: Face, library: Library) -> None:
        for (width, height), is_beside in zip(SIZES, (False, True), strict=True):
            await tab.size(width, height)
            await tab.open("about:blank")
            await tab.open(face.url + read_page(library, "railway.pdf", line))
            await tab.run("document.querySelector('img').decode()")
            text, picture = [
                await tab.run(f"document.querySelector('{name}').getBoundingClientRect().toJSON()")
                for name in (".text", "figure")
            ]
            assert (picture["right"] <= text["left"]) == is_beside
            assert await tab.run("document.querySelector('img').naturalWidth") > 100

    in_browser(face, library, trial)
