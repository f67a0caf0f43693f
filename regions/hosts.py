"""From a `Host` header to what it names: pure functions, without a database or a request.

The header is what a stranger typed, so the answer is one of five kinds and never a guess: DESIGN's rule is
that an unknown host is an error and no region's page ever stands in for another's. RFC 9110 section 7.2 (Host),
RFC 1035 section 2.3 (names are compared without case, a trailing dot means the root).
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
    LABEL = "label"  # one label below DOMAIN: a region, an alias or nothing
    NEWSROOM = "newsroom"
    WWW = "www"
    UNKNOWN = "unknown"  # below DOMAIN, but no label of ours could look like this
    FOREIGN = "foreign"  # malformed, or not below DOMAIN


@dataclass(frozen=True, slots=True)
class Host:
    """A parsed Host header. `exact` is false when the same name was written in another way (a trailing dot)."""

    kind: Kind
    label: str = ""
    exact: bool = True


def parse(header: str, domain: str, newsroom_label: str) -> Host:
    """What `header` names on a site whose front page is at `domain`.

    Ports are ignored: behind a proxy the port is the proxy's business, and addresses that we write use `domain`'s.
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
    """Why `label` cannot be a region's: `"malformed"`, `"reserved"` or `""` when it can."""
    if not _LABEL.fullmatch(label) or label.startswith("xn--"):
        return "malformed"
    return "reserved" if label in RESERVED_LABELS else ""
