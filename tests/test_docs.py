"""Documentation that lists things is held against the project."""

import re
import tomllib

import pytest

from tests.pages import guide, screenshots
from tests.server import ROOT

TOPS = "regions|news|pekon|tests|docs|deploy|benchmarks|templates|static"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "tests" / "README.md", *(ROOT / "docs").rglob("*.md")]
)


def in_code(page):
    """What stands in backticks or code blocks."""
    text = page.read_text("utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)\b", in_code(page))) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_exists(page):
    named = re.findall(
        r"(?<![\w/.-])((?:regions|news|pekon|tests|docs|deploy|benchmarks|templates|static)/[\w./-]*\w)", in_code(page)
    )
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")) if "://" not in link]
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_make_target_is_in_a_guide():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    written = set(re.findall(r"\bmake ([a-z-]+)\b", "\n".join(in_code(page) for page in PAGES)))
    assert targets - written == {"help"}


def test_readme_shows_the_pictures_that_make_screenshots_takes():
    shown = re.findall(r'(?:src|srcset)="docs/images/([^"]+)"', (ROOT / "README.md").read_text("utf-8"))
    assert sorted(shown) == sorted(screenshots.names())
    assert [name for name in shown if not (ROOT / "docs" / "images" / name).exists()] == []


def test_the_guides_show_every_picture_of_a_step():
    guides = [ROOT / "docs" / f"{name}.md" for name in ("journalists", "editors")]
    shown = [name for page in guides for name in re.findall(r"\]\(images/([\w-]+)\.webp\)", page.read_text("utf-8"))]
    assert set(shown) == set(guide.SCENES)
    assert [name for name in shown if not (ROOT / "docs" / "images" / f"{name}.webp").exists()] == []


def test_requirements_are_locked_with_hashes_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        packages = re.findall(r"^([\w.-]+)(?:\[.*\])?==.*\\$", text, re.MULTILINE)
        assert len(packages) > 10
        assert not re.search(r"https?://|file:|--index|--find-links|--extra", text)
        blocks = re.split(r"^(?=[\w.-]+(?:\[.*\])?==)", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in block for block in blocks)


def test_architecture_names_what_is_there():
    """`path:name` is a function or class of that file, and the picture has the layers of the import contract."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`([\w/]+\.py):(\w+)`", text)
    assert len(named) > 15
    missing = [
        f"{path}:{name}"
        for path, name in named
        if not re.search(rf"^(?:class|def|async def) {name}\b", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    ]
    assert missing == []
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    layers = {package for line in contract["layers"] for package in line.split(" | ")}
    picture = re.search(r"```\n(.*?)```", text, re.DOTALL)[1]
    assert set(re.findall(r"\b(?:pekon|news|regions)\.\w+", picture)) == layers - {"pekon.critical_css"}
