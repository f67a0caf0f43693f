"""Checks of what was decided about a story besides its text: its embargo, and the label of a paid or supplied text."""

import re
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article, Status

from .findings import Finding
from .manuscript import Manuscript

_PAID = r"adv|advertorial|advetorial|pariwara|iklan|sponsored|konten berbayar|berita berbayar|berita iklan"
_SUPPLIED = r"rilis|rls|siaran pers|press release|hms|humas"
_MARK = re.compile(
    rf"\(\W{{0,3}}(?:[\w .]{{1,20}}[/,;-]\s*)?(?P<mark>{_PAID}|{_SUPPLIED})(?:[/,;-][\w .]{{1,20}})?\W{{0,3}}\)", re.I
)
_SAYS_SO = re.compile(
    r"^(?:(?:tulisan|artikel|berita|konten) ini (?:adalah |merupakan )?(?:hasil )?(?:kerja ?sama|iklan|advertorial"
    r"|pariwara|berbayar)\b.*|(?:advertorial|pariwara|iklan|konten berbayar)\W*)$",
    re.I,
)
_PAID_WORD = re.compile(rf"(?:{_PAID})\W*", re.I)


def embargo(manuscript: Manuscript) -> Iterator[Finding]:
    """An embargo that has not ended yet, and a time of publication before its end."""
    end, at = manuscript.embargo_until, manuscript.published_at
    if end is None:
        return
    clock = manuscript.region.clock(end)
    if at and at < end and manuscript.status != Status.WITHDRAWN:
        yield Finding(
            "embargo",
            _("The time of publication is before the end of the embargo, %(time)s.") % {"time": clock},
            _("Choose that time or a later one."),
            field="published_at",
            stops=True,
        )
    elif end > timezone.now():
        yield Finding(
            "embargo",
            _("Under embargo until %(time)s.") % {"time": clock},
            _("Until then the story can be written and scheduled, but not published."),
            field="embargo_until",
            stops=at is None,
        )


def label(manuscript: Manuscript) -> Iterator[Finding]:
    """A text that says of itself that it is paid for or supplied, and whose kind carries no label."""
    if manuscript.kind == Article.Kind.ADVERTORIAL:
        return
    for field, words, is_paid in _marks(manuscript):
        if is_paid:
            yield Finding(
                "label",
                _("“%(words)s” says that this text is paid for, but readers get no label.") % {"words": words},
                _("Choose the kind “advertorial”: then the label stands wherever the story stands."),
                field=field,
                words=words,
            )
            return
        if manuscript.kind != Article.Kind.RELEASE:
            yield Finding(
                "label",
                _("“%(words)s” says that this text was supplied, but readers get no label.") % {"words": words},
                _("Choose the kind “press release”, or write the story yourself and name the source."),
                field=field,
                words=words,
            )
            return


def _marks(manuscript: Manuscript) -> Iterator[tuple[str, str, bool]]:
    """(field, words, whether they speak of payment), the surest first."""
    for field, text in (("kicker", manuscript.kicker), ("tags", ", ".join(manuscript.tags))):
        for word in text.split(","):
            if _PAID_WORD.fullmatch(word.strip()):
                yield field, word.strip(), True
    lines = manuscript.lines
    for field, text in [("sign_off", manuscript.sign_off), ("title", manuscript.title)] + [
        ("body", line) for line in [*lines[:1], *lines[-2:]]
    ]:
        if match := _MARK.search(text):
            yield field, match[0], re.fullmatch(_PAID, match["mark"], re.I) is not None
        elif _SAYS_SO.match(text):
            yield field, text, True
