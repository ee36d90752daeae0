"""Makes a page ready for trafilatura, which drops what it takes for a button, a form or a box: questions that fold out,
however a page writes them, become headings, and loose text paragraphs. And takes the furniture off an element.

Nothing of a page's words is changed.
"""

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from lxml import html

from retrieval.documents.furniture import is_button
from retrieval.documents.grid import straighten
from retrieval.documents.loaders.markup import BLOCKS, QUESTION, fragment_text
from retrieval.documents.structure import asks
from retrieval.model import Part, Span

LONGEST_QUESTION = 300  # characters
MOST_QUESTIONS = 500  # that a page states of itself
_MARGINS = ("header", "footer", "aside", "nav")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OF_ARTICLE = (*_HEADINGS, "p", "ul", "ol", "dl", "table", "blockquote", "pre")
_FOLDS = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle", "data-bs-target", "data-target")
_MENU = re.compile(r"nav|menu|search|dropdown|modal|popup|lightbox|carousel|slide|lang|cookie|share|hamburger", re.I)
_FURNITURE = re.compile(
    r"(?<![a-z])(?:comments?|commentlist|respond|disqus|share|sharing|sharedaddy|social|related|sidebar|widget|breadcrumbs?|"
    r"nav|navbar|menu|footer|cookies?|newsletter|subscribe|popup|modal|tags|tagcloud|pagination|pager|adverts?|ads|promo|"
    r"recommend(?:ed|ations)?|most-read|mostread|trending|login|search|skip-link|toolbar)(?![a-z])",
    re.I,
)
_CREDITS = re.compile(r"(?:^|[\s_-])(?:post|entry|article|node)[-_]*(?:footer|meta|labels|tags)(?:$|[\s_-])", re.I)
_MOST_CREDITS = 60  # words
_JSON_LD = "application/ld+json"
_ASKING = ("button", "label", "a", "div", "span", "p", "li", "strong", "b", *_HEADINGS)
_PLAIN = 20  # times the words of its links, at least, are those of a page that is nothing else
_FEWEST = 2  # elements of one class that are questions


def prepare(tree: html.HtmlElement) -> None:
    """Changes the names of elements of a page, in place, so that trafilatura keeps them."""
    for edit in tree.find_class("mw-editsection"):
        edit.drop_tree()
    straighten(tree)
    for inner in [one for heading in tree.iter(*_HEADINGS) for one in heading.iter("font", "span")]:
        inner.drop_tag()  # the words in several of them are lost
    for heading in tree.iter(QUESTION):
        heading.tag = "h5"  # the name is taken
    for question in {node: None for find in (_folding, _alike) for node in list(find(tree))}:
        _make_heading(question)
    _unfold(tree)
    _unwrap_page_form(tree)
    _enclose_loose_text(tree)
    _name_article(tree)
    for box in tree.iter("div"):
        if (box.text or "").strip() and next(box.iterdescendants(*BLOCKS, "table", "li"), None) is None:
            box.tag = "p"


def _name_article(tree: html.HtmlElement) -> None:
    """Makes an article of a page that is nothing else, as programs write one: trafilatura would take of it paragraphs
    alone, without headings and lists."""
    for body in list(tree.iter("body")):
        if next(body.iter("article", "main"), None) is None and (_is_article(body) or _is_plain(body)):
            article = html.Element("article")
            article.text, body.text = body.text, None
            article.extend(list(body))
            body.append(article)


def _is_article(body: html.HtmlElement) -> bool:
    return sum(len(node.text_content()) for node in body if node.tag in _OF_ARTICLE) * 2 > len(body.text_content())


def _is_plain(body: html.HtmlElement) -> bool:
    """Whether a page has no margins and next to no links: what it holds in boxes is its article too."""
    linked = sum(len(link.text_content()) for link in body.iter("a"))
    is_bare = next(body.iter(*_MARGINS, "form", "iframe"), None) is None
    return is_bare and linked * _PLAIN < len(body.text_content())


def _unfold(tree: html.HtmlElement) -> None:
    """Makes paragraphs of what trafilatura drops or glues together: details, terms, lists in cells."""
    for details in tree.iter("details"):
        details.tag = "div"
    for terms in tree.iter("dl"):
        is_of_questions = any(asks(_words(term)) for term in terms.iter("dt"))
        for term in list(terms.iter("dt", "dd")):
            term.tag = QUESTION if term.tag == "dt" and is_of_questions else "p"
    for listed in {one: None for cell in tree.iter("td", "th") for one in cell.iter("ul", "ol", "li")}:
        if listed.tag == "li":
            listed.tag = "p"
        else:
            listed.drop_tag()


def without_credits(tree: html.HtmlElement) -> html.HtmlElement:
    """A copy of a page without the short boxes of its posts that say who wrote them, when, and under which tags."""
    copy = deepcopy(tree)
    for node in [node for node in copy.iter("div", "footer", "p", "span", "ul", "section") if _is_of_credits(node)]:
        if node.getparent() is not None:
            node.drop_tree()
    return copy


def _is_of_credits(node: html.HtmlElement) -> bool:
    return bool(_CREDITS.search(node.get("class", ""))) and len(node.text_content().split()) <= _MOST_CREDITS


def without_furniture(element: html.HtmlElement) -> html.HtmlElement:
    """A copy of an element without the boxes in it that its page names as none of an article."""
    copy = deepcopy(element)
    copy.tail = None
    for node in list(copy.iterdescendants(*_MARGINS, "div", "section", "ul", "ol", "form", "p", "span")):
        named = f"{node.get('class', '')} {node.get('id', '')} {node.get('role', '')}"
        if node.getparent() is not None and (node.tag in _MARGINS or _FURNITURE.search(named)):
            node.drop_tree()
    return copy


def stated_questions(tree: html.HtmlElement) -> list[tuple[str, str]]:
    """The questions with their answers that a page states of itself in JSON (schema.org/FAQPage), as text."""
    found: list[tuple[str, str]] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() == _JSON_LD:
            try:
                found += _questions(json.loads(script.text or ""))
            except (ValueError, RecursionError):
                continue
    return found[:MOST_QUESTIONS]


def with_questions(text: str, parts: Sequence[Part], asked: Sequence[tuple[str, str]]) -> tuple[str, tuple[Part, ...]]:
    """A text, and its parts, with the questions that its page states: those that stand in it are marked there, the
    others come below it with their answers."""
    marked = {part.span.start: part for part in parts}
    for question, answer in asked:
        at = next((m.start() for m in re.finditer(re.escape(question), text) if _is_line(text, m.span())), -1)
        if at < 0:
            at = len(text) + 2 if text else 0
            text = "\n\n".join(filter(None, (text, question, answer)))
        marked[at] = Part("question", Span(at, at + len(question)))
    return text, tuple(sorted(marked.values(), key=lambda part: part.span.start))


def _is_line(text: str, place: tuple[int, int]) -> bool:
    start, end = place
    return text[:start].rpartition("\n")[2].strip() == "" and text[end:].partition("\n")[0].strip() == ""


def _questions(said: Any) -> Iterator[tuple[str, str]]:
    if isinstance(said, list):
        for one in said:
            yield from _questions(one)
    elif isinstance(said, dict):
        for inner in ("@graph", "mainEntity"):
            yield from _questions(said.get(inner))
        answer = said.get("acceptedAnswer")
        answer = answer[0] if isinstance(answer, list) and answer else answer
        if said.get("@type") == "Question" and isinstance(answer, dict):
            texts = (said.get("name"), answer.get("text"))
            question, told = (fragment_text(text) if isinstance(text, str) else "" for text in texts)
            if question and told:
                yield " ".join(question.split()), told


def _folding(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The elements that are questions, or heads, under which something folds out."""
    for node in tree.iter("summary", "button", "a", "div", "span", "p", "li", *_HEADINGS):
        words = _words(node)
        is_plain = node.tag == "summary" or next(node.iterdescendants(*BLOCKS), None) is None
        if not (is_plain and 0 < len(words) <= LONGEST_QUESTION):
            continue
        if node.tag == "summary" or _is_named_question(node) or (_may_fold(node) and _is_question(node, words)):
            yield node


def _alike(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The elements of one name and class of which most are questions, and so are what the others ask without asking:
    «متى يبدأ التسجيل؟», «شروط القبول»."""
    groups: dict[tuple[str, str], list[html.HtmlElement]] = {}
    for node in tree.iter(*_ASKING):
        if node.get("class") or node.tag in ("button", "label"):
            groups.setdefault((str(node.tag), node.get("class", "")), []).append(node)
    for group in groups.values():
        if not _FEWEST <= len(group) <= MOST_QUESTIONS:
            continue
        texts = [_words(node) for node in group]
        is_plain = all(0 < len(text) <= LONGEST_QUESTION for text in texts)
        if is_plain and sum(map(asks, texts)) * 2 >= len(group) and not any(map(_holds_blocks, group)):
            yield from (node for node in group if not _is_of_menu(node))


def _holds_blocks(node: html.HtmlElement) -> bool:
    return next(node.iterdescendants(*BLOCKS), None) is not None


def _may_fold(node: html.HtmlElement) -> bool:
    return node.tag == "button" or node.get("role") == "button" or any(node.get(key) is not None for key in _FOLDS)


def _is_question(node: html.HtmlElement, words: str) -> bool:
    return asks(words) or (_folds(node) and not is_button(words) and not _is_of_menu(node))


def _folds(node: html.HtmlElement) -> bool:
    return node.get("aria-expanded") is not None or "collapse" in (
        (node.get("data-toggle") or "") + (node.get("data-bs-toggle") or "")
    )


def _is_named_question(node: html.HtmlElement) -> bool:
    """Whether microdata names an element as a question."""
    if node.get("itemprop") != "name":
        return False
    scope = next((above for above in node.iterancestors() if above.get("itemscope") is not None), None)
    return scope is not None and (scope.get("itemtype") or "").rstrip("/").endswith("schema.org/Question")


def _is_of_menu(node: html.HtmlElement) -> bool:
    above = (node, *node.iterancestors())
    return any(one.tag in _MARGINS or _MENU.search(f"{one.get('class', '')} {one.get('id', '')}") for one in above)


def _make_heading(node: html.HtmlElement) -> None:
    """Makes a heading of an element, or of the heading that is around it."""
    parent = node.getparent()
    if parent is not None and parent.tag in _HEADINGS:
        node.drop_tag()
        node = parent
    for inner in list(node.iterdescendants(*_HEADINGS, "p", "div")):
        inner.drop_tag()
    for attribute in ("class", "id", "role", "hidden"):
        node.attrib.pop(attribute, None)
    node.tag = QUESTION


def _words(node: html.HtmlElement) -> str:
    return " ".join("".join(node.itertext()).split())


def _unwrap_page_form(tree: html.HtmlElement) -> None:
    """Takes away a form around most of a page: ASP.NET puts one there, and what is in a form is not read."""
    for form in list(tree.iter("form")):
        if len(form.text_content()) > len(tree.text_content()) / 2:
            form.drop_tag()


def _enclose_loose_text(tree: html.HtmlElement) -> None:
    """Makes paragraphs of the text that follows a block, as Blogger writes it below a picture: trafilatura drops it
    together with a block that is empty."""
    for block in [node for node in tree.iterdescendants(*BLOCKS) if (node.tail or "").strip()]:
        loose = _paragraph_after(block)
        while (following := loose.getnext()) is not None and following.tag not in BLOCKS:
            if following.tag == "br" and _ends_in_break(loose):
                loose = _paragraph_after(following)
            else:
                loose.append(following)


def _paragraph_after(node: html.HtmlElement) -> html.HtmlElement:
    """A new paragraph that takes the loose text after an element."""
    paragraph = html.Element("p")
    paragraph.text, node.tail = node.tail, None
    node.addnext(paragraph)
    return paragraph


def _ends_in_break(element: html.HtmlElement) -> bool:
    return len(element) > 0 and element[-1].tag == "br" and not (element[-1].tail or "").strip()
