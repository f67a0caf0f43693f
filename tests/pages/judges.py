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
RUNS = 5
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
    """The median of RUNS on a phone 360 px wide, by Lighthouse's own slow 4G; into report["lighthouse"].

    What is short of the budget is a finding.
    """
    report["lighthouse"] = {}
    findings = {}
    for found in pages:
        if found.kind not in WEIGHED:
            continue
        runs = [_run(tools, found.url) for _run_number in range(RUNS)]
        medians = {name: statistics.median(run[name] for run in runs) for name in runs[0] if name != "audits"}
        report["lighthouse"][found.kind] = medians
        findings[found.kind] = _short_of_budget(found.kind, medians) + sorted(
            {audit for run in runs for audit in run["audits"]}
        )
    return findings


def _run(tools: Path, url: str) -> dict[str, Any]:
    """Scores (of 100), milliseconds, bytes and requests of one run, and the audits that say why a score is not full."""
    command = [
        str(tools / "node_modules" / ".bin" / "lighthouse"),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(chromium.flags())}",
        *PHONE,
        "--screenEmulation.deviceScaleFactor=2",
    ]
    env = os.environ | {"CHROME_PATH": str(chromium.path())}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        raise RuntimeError(f"lighthouse {url}\n{done.stderr[-2000:]}")
    result = json.loads(done.stdout)
    audits = result["audits"]
    requests = audits["network-requests"]["details"]["items"]
    weak = {
        f"{category}: {reference['id']}: {audits[reference['id']]['title']}"
        for category in CATEGORIES
        for reference in result["categories"][category]["auditRefs"]
        if reference["weight"]
        and (audits[reference["id"]]["score"] or 0) < 0.9
        and audits[reference["id"]]["scoreDisplayMode"] not in {"notApplicable", "informative", "manual"}
    }
    return {
        **{category: round(100 * result["categories"][category]["score"]) for category in CATEGORIES},
        "cls": round(audits["cumulative-layout-shift"]["numericValue"], 4),
        "fcp": round(audits["first-contentful-paint"]["numericValue"]),
        "lcp": round(audits["largest-contentful-paint"]["numericValue"]),
        "bytes": sum(request.get("transferSize", 0) for request in requests),
        "requests": len(requests),
        "audits": sorted(weak),
    }


def _short_of_budget(kind: str, medians: dict[str, float]) -> list[str]:
    short = [f"{name} {medians[name]}" for name in CATEGORIES if medians[name] < 100]
    short += [f"CLS {medians['cls']}"] if medians["cls"] else []
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
