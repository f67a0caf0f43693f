"""The guides as pages of the newsroom, and the "?" that opens them at the right place."""

import re

import pytest
from django.contrib import admin

from news.newsroom import guide


@pytest.mark.parametrize(("table", "name"), [(guide.EDITORS, "redaktur"), (guide.WRITERS, "wartawan")])
def test_every_part_that_helps_is_in_the_guide(table, name):
    parts = set(re.findall(r'<h\d id="([^"]+)"', guide.read(name).body))
    assert set(table.values()) - parts - {""} == set()


def test_help_leads_to_the_part_about_the_page(people, newsroom):
    asked = {
        ("reporter", "/"): "/panduan/wartawan/",
        ("reporter", "/news/article/add/"): "/panduan/wartawan/#writing-a-story",
        ("redaktur", "/"): "/panduan/redaktur/#the-desk",
        ("pemred", "/regions/masthead/"): "/panduan/redaktur/#what-an-edition-says-of-itself-chief-editors",
        ("redaktur", "/news/article/add/"): "/panduan/wartawan/#writing-a-story",
    }
    for (who, path), expected in asked.items():
        response = newsroom(getattr(people, who)).get(path)
        assert f'href="{expected}"' in response.text, (who, path)


def test_every_list_of_a_chief_has_help_of_its_own(people, rf):
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        if model._meta.app_label in ("background", "popularity") or model._meta.model_name in ("section", "region"):
            continue  # the operators'
        assert guide._part(guide.EDITORS, name) is not None or guide._part(guide.WRITERS, name) is not None, name


def test_a_guide_shows_its_pictures_and_leads_to_the_other(people, newsroom):
    client = newsroom(people.reporter)
    page = client.get("/panduan/wartawan/")
    pictures = re.findall(r'<img src="([^"]+)"', page.text)
    assert pictures
    for address in pictures:
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "image/webp"
        assert b"".join(answer.streaming_content)[:4] == b"RIFF"
    assert "/panduan/redaktur/" in page.text
    assert ".md" not in re.sub(r"<code>.*?</code>", "", page.text)


@pytest.mark.parametrize("path", ["/panduan/operator/", "/panduan/gambar/tidak-ada/"])
def test_what_is_no_guide_is_not_found(people, newsroom, path):
    assert newsroom(people.reporter).get(path).status_code == 404
