"""What tests begin with is made anew when the code that it is made from changes, and only then."""

import pytest

from tests import made_once


@pytest.fixture
def code(tmp_path, monkeypatch):
    """A checkout with a version, a migration, a style sheet and a document."""
    for path in ("pyproject.toml", "news/migrations/0001_articles.py", "static/css/site.css", "docs/developers.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    monkeypatch.setattr(made_once, "ROOT", tmp_path)
    return tmp_path


def test_a_change_of_code_is_another_state(code):
    state = made_once.state.__wrapped__
    before = state()
    (code / "docs/developers.md").write_text("y")
    assert state() == before
    for path in ("pyproject.toml", "news/migrations/0001_articles.py", "static/css/site.css"):
        (code / path).write_text("y")
        assert state() != before, path
        before = state()
    (code / "news/migrations/0001_articles.py").rename(code / "news/migrations/0001_stories.py")
    assert state() != before


def test_a_few_old_states_are_remembered(monkeypatch, tmp_path):
    monkeypatch.setattr(made_once, "CACHE", tmp_path)
    for number in range(made_once.STATES + 2):
        monkeypatch.setattr(made_once, "state", lambda number=number: f"state-{number}")
        made = made_once._made("file", lambda path: path.write_text("made"))
        assert made.read_text() == "made"
    names = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert names == [f"state-{number}" for number in range(2, made_once.STATES + 2)]
    kept = made_once._made("file", lambda path: pytest.fail("made twice"))
    assert kept == made
