"""The structure: imports run one way, one module assigns a status, and whoever writes also bumps.

The import contracts stand in pyproject.toml; `lint-imports`, a step of `make lint`, reads the code against them.
"""

import ast
import inspect
import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import DefaultAccountAdapter

from regions.generations import numbers

ROOT = Path(__file__).resolve().parent.parent
WRITES = {"update", "bulk_update", "bulk_create"}
"""Ways of storing that send no signal, so that nothing is bumped unless somebody says so."""
PARTS = set("Article Byline Correction GalleryPhoto Placement Share TaggedArticle TaggedPlacement Withdrawal".split())
"""Models that are stored with their article, whose act bumps."""
BUMPED_ELSEWHERE = {
    "news.images.renditions:deliver": "where the original lies is on no page",
    "news.images.renditions:remove_previous": "the addresses that end are on no page any more",
    "news.publishing.binned:_empty": "readers never saw what was thrown away",
    "news.publishing.placements:rebuild_tagged": "placements.rebuild and tags.merge, its only callers, bump",
    "news.publishing.parts:ArticleWithParts._store_tags": "workflow.save, its only caller, rebuilds placements",
    "news.publishing.parts:ArticleWithParts._store_rows": "workflow.save, its only caller, rebuilds placements",
}
"""Functions that write what readers see and whose callers bump, with the reason."""


def project_modules() -> dict[str, Path]:
    paths = [
        path for top in ("regions", "news") for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts
    ]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


MODULES = project_modules()


def test_only_workflow_assigns_a_status():
    offenders = []
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            flat = [inner for target in targets for inner in ast.walk(target)]
            if any(isinstance(inner, ast.Attribute) and inner.attr == "status" for inner in flat):
                offenders.append(module)
    assert set(offenders) == {"news.publishing.workflow"}


def test_what_is_private_in_allauth_is_used_in_one_place():
    """Counting guesses needs it, and allauth has no public way: look at that module again after an upgrade."""
    assert allauth.__version__ == "65.21.1"
    private = re.compile(r"allauth[\w.]*\.internal\b|allauth[\w.]* import .*\binternal\b")
    users = {module for module, path in MODULES.items() if private.search(path.read_text("utf-8"))}
    assert users == {"regions.accounts.adapter"}
    overridden = ("_delete_login_attempts_cached_email", "_rollback_login_failed_rl_usage")
    assert all(hasattr(DefaultAccountAdapter, name) for name in overridden)
    assert "_login_failed_rl_usage" in inspect.getsource(DefaultAccountAdapter._rollback_login_failed_rl_usage)


def test_only_querysets_filter_on_a_status():
    offenders = {
        module
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"filter", "exclude", "get", "Q"}
        and any(keyword.arg and keyword.arg.split("__")[-1] == "status" for keyword in node.keywords)
    }
    assert offenders == {"news.models.querysets"}


def silent_writers(source: str, visible: set[str]) -> set[str]:
    """Functions that write rows of the visible models without a signal, and neither bump nor rebuild placements."""
    found = set()

    def visit(node: ast.AST, name: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{name}.{child.name}".lstrip(".")
                if isinstance(child, ast.FunctionDef) and _writes(child, visible) and not _bumps(child):
                    found.add(inner)
                visit(child, inner)

    visit(ast.parse(source), "")
    return found


def _writes(function: ast.FunctionDef, visible: set[str]) -> bool:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    receivers = [ast.unparse(call.value) for call in calls if isinstance(call, ast.Attribute) and call.attr in WRITES]
    rows = re.compile(rf"\b({'|'.join(sorted(visible))})\.objects\b|_default_manager|^stored$")
    return any(rows.search(receiver) for receiver in receivers)


def _bumps(function: ast.FunctionDef) -> bool:
    text = ast.unparse(function)
    return any(call in text for call in ("generations.bump", "placements.rebuild", "generations.bumping"))


VISIBLE = PARTS | {model.__name__ for model in numbers.DEPENDENCIES}


@pytest.mark.parametrize("package", ["news", "regions"])
def test_whoever_writes_what_readers_see_without_a_signal_bumps(package):
    """`update()` and the bulk methods send no signal, so a function that calls one on such a model bumps, or is in
    BUMPED_ELSEWHERE."""
    silent = {
        f"{module}:{name}"
        for module, path in MODULES.items()
        if module.startswith(package) and not module.startswith("news.demo")
        for name in silent_writers(path.read_text("utf-8"), VISIBLE)
    }
    listed = {name for name in BUMPED_ELSEWHERE if name.startswith(package)}
    assert silent == listed, "call generations.bump, bump_for or placements.rebuild beside what you write"


def test_a_silent_write_is_found():
    assert silent_writers("def f():\n    Photo.objects.filter(pk=1).update(alt='x')\n", {"Photo"}) == {"f"}
    told = "def f():\n    Photo.objects.filter(pk=1).update(alt='x')\n    generations.bump_for(photo)\n"
    assert silent_writers(told, {"Photo"}) == set()
