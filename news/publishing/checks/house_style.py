"""The house rules that hold in the story's region (`news.models.HouseRule`), each with a time limit."""

import time
from collections.abc import Iterator

import regex
from django.utils.translation import gettext as _

from news.models import HouseRule

from .findings import Finding
from .manuscript import Manuscript

MOST = 100
"""Rules that are looked at, and findings of them."""
EACH = 0.02
"""Seconds of the processor that one rule has at most, for a whole story. An ordinary one takes a thousandth."""
ALL = 0.1
"""Seconds after which each further rule has only the least."""
LEAST = 0.001


def house_rules(manuscript: Manuscript) -> Iterator[Finding]:
    """The first words that each rule finds. One that runs out of time is named to those who keep it, and no other."""
    texts = [
        ("title", manuscript.title),
        ("kicker", manuscript.kicker),
        ("summary", manuscript.summary),
        ("body", "\n".join(manuscript.lines)),
    ]
    left = ALL
    for rule in HouseRule.objects.holding_in(manuscript.region).select_related("region")[:MOST]:
        began = time.thread_time()
        try:
            found = _first(rule, texts, max(LEAST, min(EACH, left)))
        except (TimeoutError, regex.error):
            if manuscript.reader.publishes(rule.region.path):
                yield _named(rule)
            continue
        finally:
            left -= time.thread_time() - began
        if found:
            field, words = found
            yield Finding("house_style", f"“{words}”", rule.advice, field=field, words=words)


def _first(rule: HouseRule, texts: list[tuple[str, str]], seconds: float) -> tuple[str, str] | None:
    """The field and the words that the rule finds first. Raises TimeoutError."""
    expression = rule.compiled()
    end = time.thread_time() + seconds
    for field, text in texts:
        left = end - time.thread_time()
        if left <= 0:
            raise TimeoutError
        match = expression.search(text, timeout=left, concurrent=False)
        if match and match[0].strip():
            return field, match[0]
    return None


def _named(rule: HouseRule) -> Finding:
    return Finding(
        "house_rule_slow",
        _("The house rule “%(pattern)s” took too long and was left out.") % {"pattern": rule.pattern},
        _("Write it more simply: no repeats within repeats. Only those who keep the rules see this."),
        field="",
    )
