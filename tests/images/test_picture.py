"""`picture`: the right file for the slot, its size, and no query."""

import re

import pytest

from news.images import rendition_specs
from news.images.models import Photo
from news.markup.pictures import picture


def photo(made=None, **fields) -> Photo:
    whole = {
        "width": 4000,
        "height": 3000,
        "rendition_key": "ab" * 16,
        "colour": "#123456",
        "rendition_manifest": made,
    } | fields
    shown = Photo(**whole)
    shown.rendition_manifest = rendition_specs.full(shown.size, shown.focus) if made is None else made
    return shown


def html(shown: Photo, slot: str, **options) -> str:
    return picture(shown, slot, **options).strip()


def attribute(text: str, name: str) -> str:
    return re.search(rf'<img[^>]*\b{name}="([^"]*)"', text)[1]


@pytest.mark.django_db
def test_the_lead_photo_comes_first_with_its_size_and_description(django_assert_num_queries):
    with django_assert_num_queries(0):
        text = html(photo(), "story", lead=True, alt="Orang di pasar")
    assert attribute(text, "alt") == "Orang di pasar"
    assert attribute(text, "fetchpriority") == "high"
    assert "loading=" not in text
    assert (attribute(text, "width"), attribute(text, "height")) == ("1536", "1152")
    assert attribute(text, "sizes") == rendition_specs.SLOTS["story"].sizes
    assert attribute(text, "data-colour") == "#123456"
    assert "style=" not in text
    [avif] = re.findall(r'<source type="image/avif" srcset="([^"]+)"', text)
    assert re.findall(r"free-(\d+)\.avif \1w", avif) == ["480", "768", "1080", "1536"]


def test_other_photos_wait_until_they_are_near_and_are_decorative():
    text = html(photo(), "thumb")
    assert (attribute(text, "alt"), attribute(text, "loading")) == ("", "lazy")
    assert (attribute(text, "width"), attribute(text, "height")) == ("336", "336")
    assert "fetchpriority" not in text


@pytest.mark.parametrize("slot", rendition_specs.SLOTS)
def test_every_slot_names_files_that_exist_and_none_larger_than_it_needs(slot):
    for size in ((4000, 3000), (3000, 4000), (300, 200), (1, 1)):
        for made in (
            rendition_specs.full(size, rendition_specs.CENTRE),
            rendition_specs.first(size, rendition_specs.CENTRE),
        ):
            text = html(photo(made, width=size[0], height=size[1]), slot)
            named = set(re.findall(r"/media/\w+/([\w.-]+)", text))
            assert named
            assert named <= set(rendition_specs.names(made))
            widths = [int(name.split("-")[1].split(".")[0]) for name in named]
            assert max(widths) <= max(
                rendition_specs.SLOTS[slot].widths[-1], made[rendition_specs.SLOTS[slot].ratio][0]
            )


def test_a_photo_without_renditions_is_not_there_yet():
    assert html(photo({}), "story") == ""
