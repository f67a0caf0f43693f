"""The read API: what its file says is what it does, asked by schemathesis; pages, limits, and what stays hidden."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from news import workflow
from news.demo import builders
from news.views import rate
from tests.conftest import HostClient
from tests.server import Server


def ask(edition, path, status=200, **headers):
    response = edition.client.get(path, headers=headers)
    assert response.status_code == status, path
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    return json.loads(response.content)


def test_stories_page_by_page(edition):
    first = ask(edition, "/api/v1/stories/?limit=2")
    assert [story["id"] for story in first["items"]] == [story.pk for story in edition.live[:2]]
    assert first["next"].startswith(f"{edition.region.origin}/api/v1/stories/?limit=2&before=")
    second = ask(edition, first["next"].removeprefix(edition.region.origin))
    assert [story["id"] for story in second["items"]] == [edition.live[2].pk, edition.withdrawn.pk]
    last = ask(edition, second["next"].removeprefix(edition.region.origin))
    assert ([story["id"] for story in last["items"]], last["next"]) == ([edition.live[3].pk], None)


@pytest.mark.parametrize("query", ["section=politik", "tag=jembatan", "author=rida-ananda"])
def test_filters(edition, query):
    told = [story["id"] for story in ask(edition, f"/api/v1/stories/?{query}")["items"]]
    assert told[:2] == [story.pk for story in edition.live[:2]]
    assert (edition.live[3].pk in told) == (query == "section=politik")
    assert ask(edition, f"/api/v1/stories/?{query}x")["items"] == []


def test_one_story_whole_and_labelled(edition):
    told = ask(edition, f"/api/v1/stories/{edition.live[1].pk}/")
    assert (told["label"], told["is_supplied"]) == ("Advertorial", True)
    assert told["body_html"].startswith('<p><span class="dateline">')
    assert told["published_at"].endswith("+07:00")


def test_what_is_hidden_elsewhere_or_gone_is_not_there(edition):
    workflow.withdraw(edition.withdrawn, actor=edition.admin, reason="Keliru.")
    away = builders.make_live(edition.tree.ambon)
    for story in (edition.hidden, edition.withdrawn, away):
        assert ask(edition, f"/api/v1/stories/{story.pk}/", 404) == {"detail": "Not found."}
        assert ask(edition, f"/api/v1/ninjs/{story.pk}/", 404) == {"detail": "Not found."}
    network = HostClient(edition.tree.network.host)
    assert network.get(f"/api/v1/stories/{away.pk}/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "stories/?limit=0",
        "stories/?limit=101",
        "stories/?limit=x",
        "stories/?before=1",
        "stories/?section=a%20b",
        "stories/?before=x-1",
        "stories/?q=x",
        "stories/?limit=1&limit=2",
        "tags/?after=x",
        "sections/?limit=1",
    ],
)
def test_malformed_questions_are_told_so(edition, path):
    assert ask(edition, f"/api/v1/{path}", 400)["detail"]


def test_the_rest(edition):
    assert [section["slug"] for section in ask(edition, "/api/v1/sections/")["items"]] == ["politik"]
    assert {tag["name"] for tag in ask(edition, "/api/v1/tags/")["items"]} == {"Jembatan", "Pilkada"}
    first = ask(edition, "/api/v1/tags/?limit=1")
    assert len(ask(edition, first["next"].removeprefix(edition.region.origin))["items"]) == 1
    assert "Rida Ananda" in {author["name"] for author in ask(edition, "/api/v1/authors/")["items"]}
    assert [region["short_name"] for region in ask(edition, "/api/v1/regions/")["items"]] == ["Payakumbuh"]
    assert ask(edition, "/api/v2/", 404)
    assert edition.client.post("/api/v1/stories/").status_code == 405


def test_conditional_requests(edition):
    tag = edition.client.get("/api/v1/stories/")["ETag"]
    assert edition.client.get("/api/v1/stories/", headers={"If-None-Match": tag}).status_code == 304


def test_who_asks_too_often_waits(edition, settings):
    settings.API_PER_MINUTE = 3
    rate._asked.clear()
    statuses = [edition.client.get("/api/v1/sections/").status_code for _turn in range(5)]
    assert statuses[:3] == [200, 200, 200]
    assert statuses[-1] == 429 or statuses.count(200) <= 5  # a minute may have begun meanwhile
    other = HostClient(edition.region.host, REMOTE_ADDR="203.0.113.9")
    assert other.get("/api/v1/sections/").status_code == 200
    settings.API_PER_MINUTE = 1
    rate._asked.clear()
    rate._minute = 0
    refused = [
        response for _turn in range(3) if (response := edition.client.get("/api/v1/sections/")).status_code == 429
    ]
    assert refused
    assert 0 < int(refused[0]["Retry-After"]) <= 60


def test_ninjs(edition):
    """ninjs 2.0's own words; openapi.json holds the types, and schemathesis the API to that."""
    told = ask(edition, f"/api/v1/ninjs/{edition.live[0].pk}/")
    assert told["standard"]["version"] == "2.0"
    assert told["headlines"][0]["value"] == edition.live[0].title
    assert told["associations"][0]["renditions"][0]["href"].endswith("/share.jpg")
    assert {subject["name"] for subject in told["subjects"]} == {"Politik", "Jembatan", "Pilkada"}
    listed = ask(edition, "/api/v1/ninjs/?limit=1")
    assert listed["items"] == [told]


@pytest.mark.once
@pytest.mark.server
def test_the_api_is_as_its_file_says():
    examples = os.environ.get("EXAMPLES", "15")
    with Server(API_PER_MINUTE="0") as server:
        server.run("-m", "tests.discovery.seed")
        command = [Path(sys.executable).with_name("schemathesis"), "run", server.url("/api/v1/openapi.json")]
        command += ["--checks", "all", "--max-examples", examples, "--seed", "6", "--no-color"]
        done = subprocess.run(command, cwd=server.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "failures" not in done.stdout.lower().replace("no failures", "")
