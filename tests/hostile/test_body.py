"""Hostile bodies, from the field to the page: cleaned for good, and nothing runs in a real browser on either host."""

import pytest

from news.content.richtext import clean
from tests.hostile import size
from tests.hostile.inputs import CALL, KINDS, SCRIPT, STRANGER, SVG, end_of, everything, for_browsers
from tests.hostile.watch import ATTRIBUTES, LOOK_INTO_FRAGMENTS, REPORT, SCHEMES, TAGS, Watched

MINIMUM = 7_000
MARKS = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.xdist_group("hostile")]
OURS = [".dateline", ".sign-off", "div.table"]
"""What a page adds to a body."""
THE_EDITORS_OWN = [".ProseMirror-trailingBreak", ".ProseMirror-separator"]
IN_THE_EDITOR = ATTRIBUTES | {"hr": ["contenteditable"]}
POLICIES = pytest.mark.parametrize("bypass_csp", [False, True], ids=["policy in force", "policy bypassed"])


def test_there_are_enough_different_inputs(tell):
    inputs = everything()
    tell("inputs", len(inputs))
    assert len(inputs) == len(set(inputs)) >= MINIMUM
    assert all(kind.why and kind.inputs for kind in KINDS.values())
    assert sum("ran" in text or STRANGER in text for text in inputs) > len(inputs) * 0.9


def test_cleaning_twice_is_cleaning_once():
    for text in everything():
        once = clean(text)
        assert clean(once) == once, repr(text)


class TestInABrowser:
    pytestmark = MARKS

    def test_what_is_left_is_what_may_stand_in_a_body(self, hostile, watch):
        """Read by the browser's own parser: as a document, a fragment, in the page, and written anew."""
        watched: Watched = watch(bypass_csp=True)
        watched.visit(hostile.server.url("/tidak-ada/", "payakumbuh"))
        inputs = for_browsers()
        found = watched.page.evaluate(
            LOOK_INTO_FRAGMENTS, [list(map(clean, inputs)), TAGS, ATTRIBUTES, [*SCHEMES, ":"]]
        )
        assert [(inputs[number], *what) for number, *what in found] == []
        watched.settle()
        assert watched.seen == []

    @POLICIES
    @pytest.mark.parametrize("pack", ["cleaned", "raw", "unclean"])
    def test_nothing_runs_on_the_readers_page(self, hostile, watch, tell, pack, bypass_csp):
        watched, elements = watch(bypass_csp=bypass_csp), 0
        for article in hostile.bodies[pack]:
            assert watched.visit(hostile.server.url(f"/{article['live']}", "payakumbuh")) == 200
            elements += watched.look_into_bodies(".story-body", OURS)
        watched.settle()
        tell("pages", watched.pages)
        assert watched.pages == len(hostile.bodies[pack])
        assert elements > size.ELEMENTS / 2 * watched.pages or pack == "unclean"
        assert watched.seen == []

    @POLICIES
    @pytest.mark.parametrize("pack", ["cleaned", "raw", "unclean"])
    def test_nothing_runs_where_the_newsroom_reads(self, hostile, watch, tell, pack, bypass_csp):
        watched, elements = watch(bypass_csp=bypass_csp), 0
        for article in hostile.bodies[pack]:
            assert watched.visit(change(hostile, article["withdrawn"])) == 200
            elements += watched.look_into_bodies("#story-text", OURS)
        watched.settle()
        tell("pages", watched.pages)
        assert watched.pages == len(hostile.bodies[pack])
        assert elements > size.ELEMENTS / 2 * watched.pages or pack == "unclean"
        assert watched.seen == []

    @POLICIES
    @pytest.mark.parametrize("pack", ["cleaned", "raw", "unclean"])
    def test_nothing_runs_in_the_editor(self, hostile, watch, tell, pack, bypass_csp):
        watched, elements = watch(bypass_csp=bypass_csp), 0
        for article in hostile.bodies[pack]:
            assert watched.visit(change(hostile, article["live"])) == 200
            watched.page.wait_for_selector("div.ProseMirror[contenteditable]")
            elements += watched.look_into_bodies("div.ProseMirror[contenteditable]", THE_EDITORS_OWN, IN_THE_EDITOR)
            watched.look()
        watched.settle()
        tell("pages", watched.pages)
        assert watched.pages == len(hostile.bodies[pack])
        assert elements > size.ELEMENTS / 2 * watched.pages or pack == "unclean"
        # The editor reads a body in a document without a window, where nothing can run. The policy still reports it.
        assert [what for what in watched.seen if pack != "unclean" or REPORT not in what] == []

    def test_nothing_runs_where_two_texts_are_shown(self, hostile, watch):
        """A form that came too late, on which the stored text and one's own stand beside each other, as words."""
        watched = watch(bypass_csp=True)
        for article in (hostile.bodies["raw"][0], hostile.bodies["unclean"][0]):
            watched.visit(change(hostile, article["live"]))
            watched.page.evaluate("document.querySelector('[name=version]').value = 0")
            body = watched.page.locator("div.ProseMirror[contenteditable]")
            body.evaluate("body => body.editor.commands.insertContentAt(0, '<p>Paragraf lain</p>')")
            watched.press("[name=_save]")
            assert watched.page.locator(".difference td").count() > 1
            watched.look()
        watched.settle()
        assert watched.seen == []


class TestTheWatch:
    """The tests above can fail: here the same inputs are put into our page uncleaned."""

    pytestmark = MARKS

    def test_it_sees_an_input_of_each_kind_that_works(self, hostile, watch):
        watched, blind = watch(bypass_csp=True), []
        for kind in KINDS.values():
            for start in range(0, len(kind.inputs) if kind.bites else 0, 150):
                self.pour(
                    hostile, watched, "<p>".join(text + end_of(text) for text in kind.inputs[start : start + 150])
                )
                if bites(watched):
                    break
            if kind.bites and not bites(watched):
                blind.append(kind.name)
        assert blind == []

    WHAT_IT_SEES = {
        SCRIPT: "a script ran",
        f"<p>{SVG}": "a script ran",
        "<img src=x onerror=alert(1)>": "a dialog said 1",
        f"<img src=//{STRANGER}/x>": "a stranger was asked",
        f"<meta http-equiv=refresh content='0;url=//{STRANGER}/'>": "a stranger was asked",
        "<iframe srcdoc=x></iframe>": "a frame was opened",
        f"<p onclick={CALL}>x</p>": "a handler",
        f"<a href=' java&#10;script:{CALL}'>x</a>": "a script's address",
        "<object></object>": "an element that no page of ours has",
    }

    def test_it_sees_whatever_a_script_can_do(self, hostile, watch):
        watched = watch(bypass_csp=True)
        for body, what in self.WHAT_IT_SEES.items():
            self.pour(hostile, watched, body)
            assert any(what in seen for seen in watched.seen), (body, watched.seen)
        self.pour(hostile, watched, "<p>Teks <a href=/x/>tautan</a></p>")
        assert watched.seen == []

    def pour(self, hostile, watched, markup):
        """The markup as it is, in a page of our own server."""
        watched.visit(hostile.server.url("/", "tidak-ada"))
        watched.seen.clear()
        watched.pour(markup)

    def test_it_sees_a_script_that_the_policy_stops(self, hostile, watch):
        watched = watch(bypass_csp=False)
        watched.visit(hostile.server.url("/", "payakumbuh"))
        watched.page.evaluate("document.body.innerHTML = '<img src=x onerror=ran()>'")
        watched.settle()
        assert any(REPORT in seen for seen in watched.seen)
        assert not any("a script ran" in seen for seen in watched.seen)

    def test_it_sees_what_may_not_stand_in_a_body(self, hostile, watch):
        watched = watch(bypass_csp=True)
        watched.visit(hostile.server.url(f"/{hostile.bodies['unclean'][0]['live']}", "payakumbuh"))
        put = "(body) => { document.querySelector('.story-body').innerHTML = body }"
        for body in [
            "<p title=x>y</p>",
            "<div>x</div>",
            "<a href=ftp://x/>y</a>",
            "<svg></svg>",
            "<p><i>x</i></p>",
            "<x-y>z</x-y>",
        ]:
            watched.page.evaluate(put, body)
            watched.look_into_bodies(".story-body", OURS)
            assert watched.seen, body
            watched.seen.clear()
            assert watched.page.evaluate(LOOK_INTO_FRAGMENTS, [[body], TAGS, ATTRIBUTES, SCHEMES]), body
        assert watched.page.evaluate(LOOK_INTO_FRAGMENTS, [["<p>x</p><!-- y -->"], TAGS, ATTRIBUTES, SCHEMES])


def bites(watched):
    """Whether a script ran or another server was asked; an element that only stands there does not count."""
    return any("a script ran" in what or "a stranger was asked" in what for what in watched.seen)


def change(hostile, pk):
    return hostile.server.url(f"/news/article/{pk}/change/", "redaksi")
