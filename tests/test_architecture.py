"""Imports run one way (DESIGN section 7): a module may import what stands on its own layer or below, never above."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = [
    {"regions.tree"},
    {"regions.hosts"},
    {"regions.models"},
    {
        "regions.access",
        "regions.editions",
        "regions.parameters",
        "regions.pagestore",
        "regions.freshness",
        "regions.redis",
    },
    {"regions.branches", "regions.board", "regions.sharedpages"},
    {
        "regions.middleware",
        "regions.health",
        "regions.pagecache",
        "regions.loading",
        "regions.scoped_admin",
        "regions.checks",
        "regions.apps",
        "regions.admin",
        "regions.accounts",
    },
    {"regions.management"},
    # Below here nothing of `news` is known.
    {"news.slugs", "news.richtext", "news.images", "news.embeds", "news.critical_css", "news.prepared"},
    {"news.adverts"},
    {"news.querysets"},
    {"news.models"},
    {"news.furnishing", "news.listings", "news.front_queries"},
    {
        "news.append_only",
        "news.body",
        "news.front",
        "news.journal",
        "news.placing",
        "news.pagination",
        "news.related",
        "news.starting_pages",
    },
    {"news.workflow"},
    {"news.previews", "news.staff", "news.door", "news.seen", "news.search", "news.popularity", "news.announcing"},
    {"news.syndication"},
    {"news.apps", "news.templatetags"},
    {"news.views", "news.newsroom"},
    {"news.urls", "news.admin"},
    {"news.demo"},
    {"news.management"},
]
WIRING = {"pekon"}
"""Settings, URLconfs and middleware: they may name anything, and only they are free to."""


def layer_of(module: str) -> int | None:
    """The layer of a module of the project: that of its longest listed prefix."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        for number, names in enumerate(LAYERS):
            if ".".join(parts[:length]) in names:
                return number
    return None


def project_modules() -> dict[str, Path]:
    paths = [
        path for top in ("regions", "news") for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts
    ]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def imports_of(module: str, path: Path, source: str | None = None) -> set[str]:
    """Every module of the project that `module` imports, at its top or inside a function; types alone do not count."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    found = set()
    tree = ast.parse(source if source is not None else path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{name}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in {"regions", "news", "pekon"}}


def upward(module: str, imported: set[str]) -> set[str]:
    own = layer_of(module)
    assert own is not None, f"{module} stands in no layer: add it to LAYERS"
    return {
        name
        for name in imported
        if name.split(".")[0] in WIRING or (layer_of(name) is not None and layer_of(name) > own)
    }


@pytest.mark.parametrize("module", sorted(name for name in project_modules() if name not in {"regions", "news"}))
def test_imports_run_one_way(module):
    assert upward(module, imports_of(module, project_modules()[module])) == set()


def test_an_upward_import_is_found():
    path = ROOT / "regions" / "access.py"
    assert upward("regions.access", imports_of("regions.access", path, "from news.models import Article")) != set()
    assert upward("news.models.tags", imports_of("news.models.tags", path, "import news.workflow")) != set()
    assert upward("news.querysets", imports_of("news.querysets", path, "from . import placing")) != set()


def test_only_workflow_assigns_a_status():
    offenders = []
    for module, path in project_modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            flat = [inner for target in targets for inner in ast.walk(target)]
            if any(isinstance(inner, ast.Attribute) and inner.attr == "status" for inner in flat):
                offenders.append(module)
    assert set(offenders) == {"news.workflow"}


def test_only_querysets_filter_on_a_status():
    offenders = {
        module
        for module, path in project_modules().items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"filter", "exclude", "get", "Q"}
        and any(keyword.arg and keyword.arg.split("__")[-1] == "status" for keyword in node.keywords)
    }
    assert offenders == {"news.querysets"}
