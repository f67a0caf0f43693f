"""Which renditions follow from a photo's size and focal point."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.images import rendition_specs
from tests.server import ROOT

sides = st.integers(1, 12_000)
percents = st.integers(0, 100)
ratios = st.sampled_from(list(rendition_specs.RATIOS))


@pytest.mark.parametrize(
    ("size", "free", "square"),
    [
        ((1, 1), [1], [1]),
        ((200, 100), [200], [100]),
        ((480, 320), [480], [112, 224, 320]),
        ((1000, 500), [480, 768, 1000], [112, 224, 336]),
        ((4032, 3024), [480, 768, 1080, 1536], [112, 224, 336]),
        ((3024, 4032), [480, 768, 1080, 1536], [112, 224, 336]),
    ],
)
def test_widths_are_the_slots_and_nothing_is_enlarged(size, free, square):
    plan = rendition_specs.full(size, rendition_specs.CENTRE)
    assert (plan["free"], plan["1x1"]) == (free, square)


@given(sides, sides, ratios, percents, percents)
def test_a_crop_lies_inside_the_photo_and_has_its_shape(width, height, ratio, x, y):
    shape = rendition_specs.RATIOS[ratio]
    left, top, right, bottom = rendition_specs.crop_box((width, height), shape, (x, y))
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert (right - left, bottom - top) == rendition_specs.crop_size((width, height), shape)
    assert (right - left, bottom - top) == (width, height) or right - left == width or bottom - top == height


@given(st.integers(200, 9000), st.integers(200, 9000), ratios, percents, percents)
def test_the_focal_point_is_in_every_crop(width, height, ratio, x, y):
    left, top, right, bottom = rendition_specs.crop_box((width, height), rendition_specs.RATIOS[ratio], (x, y))
    assert left - 1 <= width * x / 100 <= right + 1
    assert top - 1 <= height * y / 100 <= bottom + 1


@given(sides, sides, percents, percents)
def test_the_first_renditions_are_some_of_all_or_fewer_and_each_shape_has_one(width, height, x, y):
    for plan in (rendition_specs.first((width, height), (x, y)), rendition_specs.full((width, height), (x, y))):
        for ratio, shape in rendition_specs.RATIOS.items():
            most = rendition_specs.crop_size((width, height), shape)[0]
            assert plan[ratio]
            assert plan[ratio] == sorted(set(plan[ratio]))
            assert plan[ratio][-1] <= most
        assert plan["share"][0] <= rendition_specs.SHARE[0]


def test_a_plan_changes_with_the_focal_point_and_comes_back_from_json_as_it_was():
    import json

    here, there = rendition_specs.full((4000, 3000), (50, 40)), rendition_specs.full((4000, 3000), (50, 41))
    assert here != there
    assert json.loads(json.dumps(here)) == here


def test_every_slot_is_used_by_a_template_and_no_template_uses_another():
    """Every slot for photos is used by a template, and templates use no other."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r'slot="(\w+)"', text)) | set(re.findall(r'picture\([\w.]+, "(\w+)"', text))
    assert named == set(rendition_specs.SLOTS)
