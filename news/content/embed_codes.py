"""Replaces the embed codes that other sites offer for copying by a link to the video or post.

Embed codes arrive as HTML elements (imports, other programs) or as escaped text (pasted into the editor). The link gets
a paragraph of its own, which `news.content.embeds` shows as a box.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from django.utils.html import format_html

from .embeds import link_of

MAX_LENGTH = 12_000
"""Characters of one embed code; Instagram's have some 4,000."""
_CLASSES = "twitter-tweet|twitter-video|instagram-media|tiktok-embed|text-post-media|fb-post|fb-video"
_BEGIN = re.compile(
    r"(?P<tag><(?=iframe\b)|<(?=(?:blockquote|div)\s[^<>]{0,300}?(?:"
    + _CLASSES
    + r")\b)|&lt;(?=(?:iframe|blockquote|div)\b))"
    r"(?P<name>\w+)",
    re.IGNORECASE,
)
_END = re.compile(r"(<|&lt;)/(iframe|blockquote|div)\s{0,9}(?:>|&gt;)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SCRIPT = re.compile(
    r"(?:\s|&nbsp;|<br>|</p>\s*<p>)*(?:<script\b[^<>]{0,300}>\s*</script>"
    r"|&lt;script\b(?:(?!&gt;)[^\n]){0,300}&gt;(?:\s|&nbsp;)*&lt;/script&gt;)",
    re.IGNORECASE,
)
_OPENED = re.compile(r"<p>(?:\s|&nbsp;|<br>)*\Z")
_CLOSED = re.compile(r"(?:\s|&nbsp;|<br>)*</p>")
_PERMANENT = ("data-instgrm-permalink", "data-text-post-permalink", "cite", "data-href")


def replaced(text: str) -> str:
    """`text`, not cleaned yet, with each embed code of a known site replaced by a paragraph with its link."""
    return "".join(_pieces(text)) if _BEGIN.search(text) else text


def _pieces(text: str) -> Iterator[str]:
    ends: dict[str, list[int]] = defaultdict(list)
    for end_tag in _END.finditer(text):
        ends[(end_tag[1] + end_tag[2]).lower()].append(end_tag.end())
    done = read = 0
    for begin in _BEGIN.finditer(text):
        end = _end_of(begin, ends)
        if begin.start() < read or not end:
            continue
        read = end
        code = text[begin.start() : end]
        link = _link_in(code if begin["tag"] == "<" else unescape(_TAG.sub(" ", code)))
        if not link:
            continue
        before = text[done : begin.start()]
        if script := _SCRIPT.match(text, end):
            end = script.end()
        opened, closed = _OPENED.search(before[-200:]), _CLOSED.match(text, end)
        paragraph = format_html('<p><a href="{0}">{0}</a></p>', link)
        if opened and closed:
            before, end = before[: len(before) - len(opened[0])], closed.end()
        elif before.rfind("<p") > before.rfind("</p"):
            paragraph = format_html("</p>{}<p>", paragraph)
        yield before
        yield paragraph
        done = read = end
    yield text[done:]


def _end_of(begin: re.Match[str], ends: dict[str, list[int]]) -> int:
    """Where the embed code ends; 0 if it is not closed or too long."""
    positions = ends[(begin["tag"] + begin["name"]).lower()]
    first = bisect(positions, begin.end())
    return positions[first] if first < len(positions) and positions[first] - begin.start() <= MAX_LENGTH else 0


def _link_in(code: str) -> str:
    reader = _Reader()
    reader.feed(code)
    reader.close()
    return next(filter(None, map(link_of, reader.addresses)), "")


class _Reader(HTMLParser):
    """Collects the addresses in an embed code: first those that certainly name the post, then links in its text."""

    def __init__(self) -> None:
        super().__init__()
        self._own: list[str] = []
        self._linked: list[str] = []

    @property
    def addresses(self) -> list[str]:
        return [*self._own, *reversed(self._linked)]  # in X's and Threads' codes the last link is the post's own

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value.strip() for name, value in attrs if value}
        if tag == "iframe":
            self._own.append(values.get("src", ""))
        elif tag in ("blockquote", "div"):
            self._own += [values[name] for name in _PERMANENT if name in values]
        elif tag == "a":
            self._linked.append(values.get("href", ""))
