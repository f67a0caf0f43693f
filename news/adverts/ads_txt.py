"""The format of ads.txt: IAB Tech Lab, ads.txt version 1.1 (August 2022), section 3. Pure."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

_DOMAIN = re.compile(r"(?!.{254})(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.I | re.A)
_FIELD = re.compile(r"[^\s,;#=]+")
_ASSIGNMENT = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*)", re.A)
_COUNTRY = re.compile(r"[A-Z]{2}", re.A)  # ISO 3166-1
OWN_DOMAIN, DOMAINS = "OWNERDOMAIN", ("OWNERDOMAIN", "INVENTORYPARTNERDOMAIN")


def problems(text: str) -> list[tuple[int, str]]:
    """The faults in a text, as (line number from 1, what is wrong and how to fix it)."""
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    faults = [(number, problem) for number, line in enumerate(lines, 1) if line and (problem := _problem(line))]
    owners = [number for number, line in enumerate(lines, 1) if line.upper().startswith(OWN_DOMAIN)]
    return faults + [(number, _("OWNERDOMAIN is allowed once.")) for number in owners[1:]]


def joined(parts: Iterable[str]) -> str:
    """The lines of several regions as one text, without duplicates; empty if there are none."""
    lines = dict.fromkeys(line.strip() for part in parts for line in part.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _problem(line: str) -> str:
    statement = line.partition(";")[0].strip()  # after the semicolon come extensions, which are not checked
    assignment = _ASSIGNMENT.fullmatch(statement)
    return _variable(assignment[1].upper(), assignment[2]) if assignment else _record(statement)


def _record(statement: str) -> str:
    fields = [field.strip() for field in statement.split(",")]
    if not 3 <= len(fields) <= 4:
        return _("Write three or four fields with commas between: domain, account, DIRECT or RESELLER, certification.")
    domain, account, relation, *certification = fields
    if not _DOMAIN.fullmatch(domain):
        return _("“%(text)s” is no domain name. The first field is the advertising system's, like google.com.") % {
            "text": domain
        }
    if relation.upper() not in ("DIRECT", "RESELLER"):
        return _("“%(text)s” is neither DIRECT nor RESELLER.") % {"text": relation}
    for field in (account, *certification):
        if not _FIELD.fullmatch(field):
            return _("“%(text)s” is no account or certification number: no spaces, not empty.") % {"text": field}
    return ""


def _variable(name: str, value: str) -> str:
    if name == "CONTACT":
        return "" if value else _("Write an address or a number after CONTACT=.")
    if name == "SUBDOMAIN":
        return _("Leave SUBDOMAIN out: Pekon writes it for every edition that has lines of its own.")
    if name == "MANAGERDOMAIN":
        domain, comma, country = (part.strip() for part in value.partition(","))
        if comma and not _COUNTRY.fullmatch(country):
            return _("“%(text)s” is no country code. Write two capitals, like ID.") % {"text": country}
    elif name in DOMAINS:
        domain = value
    else:
        return _("“%(text)s” is no variable of ads.txt.") % {"text": name}
    return "" if _DOMAIN.fullmatch(domain) else _("“%(text)s” is no domain name.") % {"text": domain}
