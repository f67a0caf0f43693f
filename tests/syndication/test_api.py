"""The read API: what its document says is what it does, asked by schemathesis; pages, limits, and what stays hidden."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from news.demo import builders
from news.models import Article, Tag
from news.publishing import tags, workflow
from regions import query_params
from tests.conftest import HostClient
from tests.server import Server


def ask(edition, path, status=200, **headers):
    response = edition.client.get(path, headers=headers)
    assert response.status_code == status, path
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    return json.loads(response.content)


@pytest.mark.databases
def test_articles_page_by_page(edition):
    first = ask(edition, "/api/v1/stories/?limit=2")
    assert [article["id"] for article in first["items"]] == [article.pk for article in edition.live[:2]]
    assert first["next"].startswith(f"{edition.region.origin}/api/v1/stories/?limit=2&before=")
    second = ask(edition, first["next"].removeprefix(edition.region.origin))
    assert [article["id"] for article in second["items"]] == [edition.live[2].pk, edition.withdrawn.pk]
    last = ask(edition, second["next"].removeprefix(edition.region.origin))
    assert ([article["id"] for article in last["items"]], last["next"]) == ([edition.live[3].pk], None)


@pytest.mark.databases
@pytest.mark.parametrize("query", ["section=politik", "tag=jembatan", "author=rida-ananda"])
def test_filters(edition, query):
    told = [article["id"] for article in ask(edition, f"/api/v1/stories/?{query}")["items"]]
    assert told[:2] == [article.pk for article in edition.live[:2]]
    assert (edition.live[3].pk in told) == (query == "section=politik")
    assert ask(edition, f"/api/v1/stories/?{query}x")["items"] == []


@pytest.mark.databases
def test_filters_together_find_what_fits_each_of_them(edition):
    law = builders.make_section("Hukum")
    found = builders.make_live(edition.region, tags=["Jembatan", "KUHP"], section=law)
    builders.make_live(edition.region, tags=["KUHP"], section=law)
    for query in ("tag=jembatan&section=hukum", "tag=jembatan&section=hukum&author=" + found.writers[0].slug):
        assert [article["id"] for article in ask(edition, f"/api/v1/stories/?{query}")["items"]] == [found.pk]
    assert ask(edition, "/api/v1/stories/?tag=jembatan&section=hukum&author=rida-ananda")["items"] == []


def test_a_former_slug_of_a_tag_is_the_tags(edition):
    """Partners store the slug, and go on asking for it after the tag was renamed or merged into another one."""
    before = ask(edition, "/api/v1/stories/?tag=jembatan")["items"]
    tags.rename(Tag.at("jembatan"), "Jembatan Ratapan Ibu", actor=edition.admin)
    for slug in ("jembatan", "jembatan-ratapan-ibu"):
        told = ask(edition, f"/api/v1/stories/?tag={slug}")["items"]
        assert [article["id"] for article in told] == [article["id"] for article in before] != []
    builders.make_live(edition.region, tags=["Kelok Sembilan"])
    tags.merge(Tag.at("jembatan-ratapan-ibu"), Tag.at("kelok-sembilan"), actor=edition.admin)
    assert len(ask(edition, "/api/v1/stories/?tag=jembatan")["items"]) == len(before) + 1
    assert ask(edition, "/api/v1/stories/?tag=tidak-ada")["items"] == []


def test_one_article_whole_and_labelled(edition):
    told = ask(edition, f"/api/v1/stories/{edition.live[1].pk}/")
    assert (told["label"], told["is_supplied"]) == ("Advertorial", True)
    assert told["body_html"].startswith('<p><span class="dateline">')
    assert told["published_at"].endswith("+07:00")


def test_what_is_hidden_elsewhere_or_gone_is_not_there(edition):
    workflow.withdraw(edition.withdrawn, actor=edition.admin, reason="Keliru.")
    away = builders.make_live(edition.tree.ambon)
    for article in (edition.hidden, edition.withdrawn, away):
        assert ask(edition, f"/api/v1/stories/{article.pk}/", 404) == {"detail": "Not found."}
        assert ask(edition, f"/api/v1/ninjs/{article.pk}/", 404) == {"detail": "Not found."}
    network = HostClient(edition.tree.network.host)
    assert network.get(f"/api/v1/stories/{away.pk}/").status_code == 200


MALFORMED = (
    "stories/?limit=0",
    "stories/?limit=101",
    "stories/?limit=x",
    "stories/?before=1",
    "stories/?section=a%20b",
    "stories/?before=x-1",
    "stories/?q=x",
    "stories/?limit=1&limit=2",
    "tags/?after=x",
    "stories/?limit=05",
    "stories/?limit=5.0",
    "stories/?limit=%2B5",
    "stories/?limit=%D9%A5",
    "stories/?limit=",
    "stories/?section=",
    "stories/?before=1000000000000000-1%0A",
    f"tags/?after={10**18}",
    "sections/?limit=1",
)


def test_malformed_questions_are_told_so(edition):
    for path in MALFORMED:
        assert isinstance(ask(edition, f"/api/v1/{path}", 400)["detail"], str), path


def test_what_was_wrong_is_named(edition):
    assert ask(edition, "/api/v1/stories/?halaman=2", 400) == {"detail": "There is no parameter 'halaman'."}
    assert ask(edition, "/api/v1/stories/?limit=1&limit=2", 400) == {"detail": "limit stands there twice."}
    for path in ("stories/?limit=101", "tags/?after=0", "ninjs/?before=x", "stories/?section=%20"):
        name = path.partition("?")[2].partition("=")[0]
        assert re.fullmatch(rf"{name}: [\w ,]+.*", ask(edition, f"/api/v1/{path}", 400)["detail"])


def test_the_document_has_the_bounds_of_parameters(edition):
    parameters = {
        each["name"]: each["schema"] | {"title": None}
        for operation in ask(edition, "/api/v1/openapi.json")["paths"].values()
        for each in operation["get"]["parameters"]
    }
    assert parameters.keys() == {"limit", "after", "before", "section", "tag", "author", "article_id"}
    assert (parameters["limit"]["minimum"], parameters["limit"]["maximum"], parameters["limit"]["default"]) == (
        1,
        100,
        20,
    )
    assert all("minimum" in parameters[name] and "maximum" in parameters[name] for name in ("after", "article_id"))
    assert all("pattern" in parameters[name] for name in ("before", "section", "tag", "author"))
    assert not any("anyOf" in schema or schema.get("default") == "" for schema in parameters.values())


def operations(edition):
    """The address of each operation of the document, with an article's id where one is wanted."""
    described = ask(edition, "/api/v1/openapi.json")
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": edition.region.origin}]
    return [path.replace("{article_id}", str(edition.live[0].pk)) for path in described["paths"]]


def test_every_address_of_the_document_refuses_unknown_parameters_and_writing_and_answers_head(edition):
    paths = operations(edition)
    assert len(paths) == 8
    for path in paths:
        assert ask(edition, f"{path}?x=1", 400)
        refused = edition.client.post(path)
        assert (refused.status_code, refused["Allow"], refused["Content-Type"]) == (
            405,
            "GET, HEAD",
            "application/json",
        )
        whole, head = edition.client.get(path), edition.client.head(path)
        assert (head.status_code, head["ETag"], head.content) == (200, whole["ETag"], b"")
        assert query_params.allowed(path, "x=1&x=2") == "x=1&x=2"  # the raw value, which must be refused


def test_the_document_has_the_articles_kinds(edition):
    """The document's kinds are the model's, so a new kind needs no change elsewhere."""
    kinds = ask(edition, "/api/v1/openapi.json")["components"]["schemas"]["Article"]["properties"]["kind"]["enum"]
    assert kinds == Article.Kind.values


def test_links_in_texts_are_absolute(edition):
    """A partner's site that shows the text has no /berita/ of its own."""
    body = (
        '<p>Lihat <a href="/berita/5/">berita lain</a> dan <a href="#catatan">catatan</a>, tulis'
        ' <a href="mailto:redaksi@pekon.web.id">surat</a>.</p>'
    )
    article = builders.make_live(edition.region, body=body)
    text = ask(edition, f"/api/v1/stories/{article.pk}/")["body_html"]
    assert f'href="{edition.region.origin}/berita/5/"' in text
    assert f'href="{article.canonical_url}#catatan"' in text
    assert 'href="mailto:redaksi@pekon.web.id"' in text
    assert ask(edition, f"/api/v1/ninjs/{article.pk}/")["bodies"][0]["value"] == text


@pytest.mark.databases
def test_sections_tags_authors_and_regions_are_listed(edition):
    assert [section["slug"] for section in ask(edition, "/api/v1/sections/")["items"]] == ["politik"]
    assert {tag["name"] for tag in ask(edition, "/api/v1/tags/")["items"]} == {"Jembatan", "Pilkada"}
    first = ask(edition, "/api/v1/tags/?limit=1")
    assert len(ask(edition, first["next"].removeprefix(edition.region.origin))["items"]) == 1
    assert "Rida Ananda" in {author["name"] for author in ask(edition, "/api/v1/authors/")["items"]}
    assert [region["short_name"] for region in ask(edition, "/api/v1/regions/")["items"]] == ["Payakumbuh"]
    assert ask(edition, "/api/v2/", 404)


def test_conditional_requests(edition):
    tag = edition.client.get("/api/v1/stories/")["ETag"]
    for method in (edition.client.get, edition.client.head):
        unchanged = method("/api/v1/stories/", headers={"If-None-Match": tag})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged["Access-Control-Allow-Origin"] == "*"
    builders.make_live(edition.region)
    assert edition.client.get("/api/v1/stories/", headers={"If-None-Match": tag}).status_code == 200


def test_ninjs(edition):
    """ninjs 2.0's own words."""
    told = ask(edition, f"/api/v1/ninjs/{edition.live[0].pk}/")
    assert told["standard"]["version"] == "2.0"
    assert told["headlines"][0]["value"] == edition.live[0].title
    assert told["associations"][0]["renditions"][0]["href"].endswith("/share.jpg")
    assert {subject["name"] for subject in told["subjects"]} == {"Politik", "Jembatan", "Pilkada"}
    listed = ask(edition, "/api/v1/ninjs/?limit=1")
    assert listed["items"] == [told]


@pytest.mark.server
def test_the_api_is_as_its_document_says():
    examples = os.environ.get("EXAMPLES", "15")
    with Server() as server:
        server.run("-m", "tests.syndication.seed")
        command = [Path(sys.executable).with_name("schemathesis"), "run", server.url("/api/v1/openapi.json")]
        command += ["--checks", "all", "--max-examples", examples, "--seed", "6", "--no-color"]
        done = subprocess.run(command, cwd=server.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "failures" not in done.stdout.lower().replace("no failures", "")
