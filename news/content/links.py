"""Completes links as people type them: an address without a scheme gets one."""

import re

_EMAIL = re.compile(r"[^\s@/:?#<>\"]+@(?:[\w-]+\.)+[^\W\d_]{2,}(?:\?[^\s]*)?")
_HOST = re.compile(r"(?P<host>(?:[\w-]+\.)+(?P<top>[^\W\d_]{2,}))(?::\d{1,5})?(?P<rest>[/?#]\S*)?")
_FILE_TYPES = frozenset(
    "asp aspx css doc docx gif htm html jpeg jpg js json pdf php png svg txt webp xls xlsx xml".split()
)


def completed(address: str) -> str:
    """`address`, with `https://` or `mailto:` in front if browsers would otherwise take it for a path of this site.

    Paths (`/berita/1/`, `#isi`, `halaman.html`) and addresses with a scheme stay as they are.
    """
    wanted = address.strip()
    if _EMAIL.fullmatch(wanted):
        return f"mailto:{wanted}"
    if wanted.startswith("//"):
        return f"https:{wanted}"
    match = _HOST.fullmatch(wanted)
    if not match or (match["top"].lower() in _FILE_TYPES and not match["rest"]):
        return address
    return f"https://{wanted}"
