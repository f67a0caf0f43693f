"""Judges that are programs of their own: the Nu HTML checker (Java) and Lighthouse (Node).

`tools` is the folder that tests/pages/check.sh installed them into.
"""

import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import Any

from tests import chromium
from tests.pages.readers import Found

WEIGHED = ["region front", "network front", "article with photo", "photo story", "rubrik", "indeks"]
"""Kinds that Lighthouse measures."""
RUNS = 5
UNLISTED = ["preview", "luring", "search", "search that finds nothing"]
"""Kinds that search engines are told not to list, which would cost them points."""
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
LCP, BYTES = 1500, 100 * 1024
"""Milliseconds, and bytes of the article with a photo (DESIGN section 8)."""
PHONE = ["--screenEmulation.mobile", "--screenEmulation.width=360", "--screenEmulation.height=740"]


def nu(tools: Path, saved: dict[str, Path]) -> dict[str, list[str]]:
    """Errors and warnings on each page's saved HTML."""
    jar = tools / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--format", "json", *map(str, saved.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    findings: dict[str, list[str]] = {kind: [] for kind in saved}
    kinds = {str(path): kind for kind, path in saved.items()}
    for message in json.loads(done.stderr)["messages"]:
        kind = kinds.get("/" + message.get("url", "").removeprefix("file:").lstrip("/"), "the checker")
        where = f"line {message.get('lastLine', '?')}: {message.get('extract', '').strip()!r}"
        text = f"{message.get('subType', message['type'])}: {message['message']} ({where})"
        findings.setdefault(kind, []).append(text)
    return findings


def lighthouse(tools: Path, pages: list[Found], report: dict[str, Any]) -> dict[str, list[str]]:
    """Every kind of page on a phone 360 px wide, by Lighthouse's own slow 4G; it refuses to judge pages for errors.

    Those of WEIGHED are measured as well: the median of RUNS, into report["lighthouse"]. What is short of 100 or of the
    budget is a finding.
    """
    report["lighthouse"] = {}
    findings = {}
    for found in pages:
        if found.status != 200:
            continue
        is_weighed = found.kind in WEIGHED
        categories = CATEGORIES if is_weighed else CATEGORIES[1:]
        runs = [_run(tools, found, categories) for _run_number in range(RUNS if is_weighed else 1)]
        medians = {name: statistics.median(run[name] for run in runs) for name in runs[0] if name != "audits"}
        if is_weighed:
            report["lighthouse"][found.kind] = medians
        findings[found.kind] = _short_of_budget(found.kind, medians) + sorted(
            {audit for run in runs for audit in run["audits"]}
        )
    return findings


def _run(tools: Path, found: Found, categories: list[str]) -> dict[str, Any]:
    """Scores (of 100) of one run, and the audits that say why a score is not full; with the category `performance` also
    milliseconds, bytes and requests."""
    command = [
        str(tools / "node_modules" / ".bin" / "lighthouse"),
        found.url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(categories)}",
        f"--chrome-flags=--headless=new {' '.join(chromium.flags())}",
        *PHONE,
        "--screenEmulation.deviceScaleFactor=2",
        *(["--skip-audits=is-crawlable"] if found.kind in UNLISTED else []),
        *([] if "performance" in categories else ["--throttling-method=provided", "--disable-full-page-screenshot"]),
    ]
    env = os.environ | {"CHROME_PATH": str(chromium.path())}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        raise RuntimeError(f"lighthouse {found.url}\n{done.stderr[-2000:]}")
    result = json.loads(done.stdout)
    audits = result["audits"]
    weak = {
        f"{category}: {reference['id']}: {audits[reference['id']]['title']}"
        for category in categories
        for reference in result["categories"][category]["auditRefs"]
        if reference["weight"]
        and reference["id"] in audits
        and (audits[reference["id"]]["score"] or 0) < 0.9
        and audits[reference["id"]]["scoreDisplayMode"] not in {"notApplicable", "informative", "manual"}
    }
    run = {category: round(100 * result["categories"][category]["score"]) for category in categories}
    if "performance" in categories:
        requests = audits["network-requests"]["details"]["items"]
        run |= {
            "cls": round(audits["cumulative-layout-shift"]["numericValue"], 4),
            "fcp": round(audits["first-contentful-paint"]["numericValue"]),
            "lcp": round(audits["largest-contentful-paint"]["numericValue"]),
            "bytes": sum(request.get("transferSize", 0) for request in requests),
            "requests": len(requests),
        }
    return run | {"audits": sorted(weak)}


def _short_of_budget(kind: str, medians: dict[str, float]) -> list[str]:
    short = [f"{name} {medians[name]}" for name in CATEGORIES if medians.get(name, 100) < 100]
    short += [f"CLS {medians['cls']}"] if medians.get("cls") else []
    if kind == "article with photo":
        short += [f"LCP {medians['lcp']} ms"] if medians["lcp"] > LCP else []
        short += [f"{medians['bytes']} bytes"] if medians["bytes"] > BYTES else []
    return short


def table(report: dict[str, Any]) -> str:
    """What Lighthouse measured, as a table in Markdown; empty without it."""
    measured = report.get("lighthouse")
    if not measured:
        return ""
    names = list(next(iter(measured.values())))
    rows = [[kind, *(f"{medians[name]:g}" for name in names)] for kind, medians in measured.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in [["page", *names], ["---"] * (len(names) + 1), *rows])
