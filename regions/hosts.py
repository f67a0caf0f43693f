"""Parses `Host` headers: pure functions, without a database or a request.

Anybody can send any header, so it is parsed strictly: an unknown host is an error, and no region's page is ever shown
for another host. Sources: RFC 9110 section 7.2 (Host), RFC 1035 section 2.3 (names are compared without case, a
trailing dot means the root).
"""

import re
from dataclasses import dataclass
from enum import Enum

LABEL_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
"""A DNS label in lower case: letters, digits and inner hyphens, at most 63 (RFC 1123 section 2.1)."""
RESERVED_LABELS = frozenset("www redaksi admin api static media cdn mail assets status m amp ftp ns1 ns2 smtp".split())
_LABEL = re.compile(LABEL_PATTERN, re.ASCII)
_HOST_PATTERN = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)*)(\.?)(?::([0-9]{1,5}))?", re.IGNORECASE | re.ASCII)


class Kind(Enum):
    """What a Host header names."""

    NETWORK = "network"
    LABEL = "label"  # one label below DOMAIN: perhaps a region's or an alias
    NEWSROOM = "newsroom"
    WWW = "www"
    UNKNOWN = "unknown"  # below DOMAIN, but not a possible label
    FOREIGN = "foreign"  # malformed, or not below DOMAIN


@dataclass(frozen=True, slots=True)
class Host:
    """A parsed Host header. `exact` is false if the name was written in another way than ours (a trailing dot)."""

    kind: Kind
    label: str = ""
    exact: bool = True


def parse(header: str, domain: str, newsroom_label: str) -> Host:
    """The host that `header` names, on a site whose front page is at `domain`.

    Ports are ignored, because behind a proxy they are the proxy's. The addresses that we write use the port of
    `domain`.
    """
    match = _HOST_PATTERN.fullmatch(header)
    if match is None or len(header) > 260:
        return Host(Kind.FOREIGN)
    name, dot = match[1].lower(), match[2]
    base = domain.partition(":")[0].lower()
    if name == base:
        return Host(Kind.NETWORK, exact=not dot)
    if not name.endswith(f".{base}"):
        return Host(Kind.FOREIGN)
    label = name.removesuffix(f".{base}")
    if label == newsroom_label:
        return Host(Kind.NEWSROOM, label, exact=not dot)
    if label == "www":
        return Host(Kind.WWW, label, exact=False)
    if not _LABEL.fullmatch(label):
        return Host(Kind.UNKNOWN, label)
    return Host(Kind.LABEL, label, exact=not dot)


def label_problem(label: str) -> str:
    """The reason why `label` cannot be a region's: `"malformed"` or `"reserved"`; empty if it can."""
    if not _LABEL.fullmatch(label) or label.startswith("xn--"):
        return "malformed"
    return "reserved" if label in RESERVED_LABELS else ""
