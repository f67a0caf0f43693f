"""What two people made of one version: merged where one of them alone touched something, both shown where both did."""

import random

from news.content.differences import blocks
from news.publishing.merging import merge
from news.publishing.versions import Content

BASE: Content = {
    "title": "Judul",
    "kicker": "",
    "body": "<p>Satu.</p><p>Dua.</p><p>Tiga.</p>",
    "lead_photo": 1,
    "lead_caption": "Semula",
    "tags": ["Hujan", "Pilkada"],
    "bylines": [{"author": 1, "role": "writer", "position": 1}, {"author": 2, "role": "editor", "position": 2}],
    "gallery": [{"photo": number, "position": number, "caption": "", "credit": ""} for number in (1, 2, 3)],
}


def both(name: str, mine, theirs):
    return merge(BASE, BASE | {name: mine}, BASE | {name: theirs})


def test_what_one_person_touched_is_taken_and_what_nobody_touched_stays():
    merged = merge(BASE, BASE | {"title": "Baru"}, BASE | {"kicker": "Cuaca"})
    assert merged.content == BASE | {"title": "Baru", "kicker": "Cuaca"}
    assert (merged.taken, merged.conflicts) == (["kicker"], [])


def test_what_both_touched_differently_is_a_conflict_with_both_values():
    merged = both("title", "Saya", "Dia")
    [conflict] = merged.conflicts
    assert (conflict.mine, conflict.theirs) == ({"title": "Saya"}, {"title": "Dia"})
    assert (merged.content["title"], merged.taken) == ("Saya", [])


def test_the_same_change_by_both_is_no_conflict():
    assert both("title", "Sama", "Sama").conflicts == []
    body = "<p>Satu.</p><p>Lain.</p><p>Tiga.</p>"
    assert (both("body", body, body).conflicts, both("body", body, body).taken) == ([], [])


def test_paragraphs_that_one_person_touched_are_merged_even_beside_each_other():
    merged = both("body", "<p>Satu!</p><p>Dua.</p><p>Tiga.</p>", "<p>Satu.</p><p>Dua!</p><p>Tiga.</p><p>Empat.</p>")
    assert merged.content["body"] == "<p>Satu!</p><p>Dua!</p><p>Tiga.</p><p>Empat.</p>"
    assert (merged.taken, merged.conflicts) == (["body"], [])


def test_a_paragraph_that_both_touched_is_a_conflict_and_the_others_are_merged_on_both_sides():
    merged = both("body", "<p>Satu saya.</p><p>Dua.</p><p>Tiga!</p>", "<p>Satu dia.</p><p>Dua!</p><p>Tiga.</p>")
    [conflict] = merged.conflicts
    assert conflict.mine["body"] == "<p>Satu saya.</p><p>Dua!</p><p>Tiga!</p>" == merged.content["body"]
    assert conflict.theirs["body"] == "<p>Satu dia.</p><p>Dua!</p><p>Tiga!</p>"


def test_a_paragraph_that_one_removed_and_the_other_changed_is_a_conflict():
    merged = both("body", "<p>Satu.</p><p>Tiga.</p>", "<p>Satu.</p><p>Dua yang lain.</p><p>Tiga.</p>")
    assert "Dua yang lain." in merged.conflicts[0].theirs["body"]


def test_two_paragraphs_written_at_the_same_place_are_a_conflict():
    merged = both("body", BASE["body"] + "<p>Saya.</p>", BASE["body"] + "<p>Dia.</p>")
    [conflict] = merged.conflicts
    assert [side["body"].removeprefix(BASE["body"]) for side in (conflict.mine, conflict.theirs)] == [
        "<p>Saya.</p>",
        "<p>Dia.</p>",
    ]


def test_tags_are_merged_one_by_one_and_spelling_does_not_matter():
    merged = both("tags", ["Hujan", "Pilkada", "KPU"], ["pilkada", "Solok"])
    assert (merged.content["tags"], merged.conflicts) == (["KPU", "Pilkada", "Solok"], [])


def test_rows_are_merged_one_by_one():
    mine = [*BASE["bylines"], {"author": 3, "role": "writer", "position": 3}]
    merged = both("bylines", mine, BASE["bylines"][:1])
    assert [(row["author"], row["position"]) for row in merged.content["bylines"]] == [(1, 1), (3, 2)]
    assert merged.conflicts == []
    words = [row | {"caption": "Saya"} if row["photo"] == 2 else row for row in BASE["gallery"]]
    merged = both("gallery", words, [row | {"position": 4 - row["position"]} for row in reversed(BASE["gallery"])])
    assert [(row["photo"], row["caption"]) for row in merged.content["gallery"]] == [(3, ""), (2, "Saya"), (1, "")]
    theirs = [row | {"caption": "Dia"} if row["photo"] == 2 else row for row in BASE["gallery"]]
    [conflict] = both("gallery", words, theirs).conflicts
    assert [side["gallery"][1]["caption"] for side in (conflict.mine, conflict.theirs)] == ["Saya", "Dia"]
    assert both("gallery", BASE["gallery"][:2], [*BASE["gallery"][:2], theirs[2] | {"caption": "Dia"}]).conflicts


def test_words_for_a_photo_never_join_another_photo():
    merged = merge(BASE, BASE | {"lead_caption": "Tentang foto 1"}, BASE | {"lead_photo": 2})
    [conflict] = merged.conflicts
    assert conflict.mine == {"lead_photo": 1, "lead_caption": "Tentang foto 1"}
    assert conflict.theirs == {"lead_photo": 2, "lead_caption": "Semula"}


def test_without_a_known_base_whatever_differs_is_a_conflict():
    merged = merge({}, BASE | {"title": "Saya"}, BASE | {"body": "<p>Dia.</p>"})
    assert sorted(conflict.names for conflict in merged.conflicts) == [["body"], ["title"]]
    assert merge({}, BASE, BASE).conflicts == []


def test_no_paragraph_that_somebody_wrote_is_in_neither_text():
    chance = random.Random(16)
    paragraphs = ["<p>a b c</p>", "<p>a b d</p>", "<p>x</p>", "<h2>y</h2>", "<p>z z</p>"]
    for _example in range(100):
        base, mine, theirs = (chance.choices(paragraphs, k=chance.randrange(6)) for _side in range(3))
        merged = merge({"body": "".join(base)}, {"body": "".join(mine)}, {"body": "".join(theirs)})
        texts = [merged.content["body"], *(conflict.theirs["body"] for conflict in merged.conflicts)]
        kept = {block for text in texts for block in blocks(text)}
        assert {block for side in (mine, theirs) for block in side} - set(base) <= kept, (base, mine, theirs)
        if mine == theirs or base == theirs:
            assert merged.content["body"] == "".join(mine)
        elif base == mine:
            assert merged.content["body"] == "".join(theirs)
