"""What the installable edition is told by the server. tests/browser/test_offline.py reads it offline."""

import io
import json
import re

from django.conf import settings
from django.urls import resolve
from PIL import Image

from news.demo import builders
from news.models import Article
from tests.readers.test_visibility import ADDRESSES
from tests.server import ROOT

LEADS_ELSEWHERE = {"tanggal"}
"""Parameters that are answered with another address."""


def test_every_region_is_an_app_of_its_own_with_icons_that_are_there(tree, reader):
    for region in (tree.network, tree.payakumbuh):
        answer = reader(region).get("/manifest.webmanifest")
        assert answer.headers["Content-Type"] == "application/manifest+json"
        described = json.loads(answer.content)
        assert (described["name"], described["short_name"]) == (region.host_name.upper(), region.short_name)
        assert described["start_url"] == described["scope"] == described["id"] == "/"
        assert described["lang"] == "id"
    for icon in described["icons"]:
        content = (ROOT / icon["src"].lstrip("/")).read_bytes()
        if icon["type"] == "image/png":
            size = Image.open(io.BytesIO(content)).size
            assert icon["sizes"] == f"{size[0]}x{size[1]}"
    assert {icon.get("purpose") for icon in described["icons"]} == {"any", "maskable", None}
    page = reader(tree.payakumbuh).get("/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert 'data-worker="/sw.js"' in page


def test_the_worker_is_asked_for_every_time_and_sent_when_it_has_changed(tree, reader, settings):
    answer = reader(tree.payakumbuh).get("/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    text = answer.content.decode()
    assert text.endswith((ROOT / "static/js/sw.js").read_text("utf-8"))
    assert '"kept": "Luring: disimpan {when}"' in text
    again = reader(tree.payakumbuh).get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    settings.SERVICE_WORKER = False
    off = reader(tree.payakumbuh).get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert off.status_code == 200
    assert "unregister" in off.content.decode()
    assert "data-worker" not in reader(tree.payakumbuh).get("/").content.decode()


def test_the_worker_knows_every_parameter_of_a_list(tree):
    """The worker ignores parameters that it does not know, and would then show one list for another offline."""
    script = (ROOT / "static/js/sw.js").read_text("utf-8")
    is_list = re.compile(re.search(r"^const LIST = /(.+)/$", script, re.MULTILINE)[1])
    known = set(json.loads(re.search(r"^const PARAMETERS = (\[.+?\])", script, re.MULTILINE)[1]))
    article = builders.make_live(tree.payakumbuh, tags=["Pilkada"])
    paths = {path.partition("?")[0] for paths in ADDRESSES.values() for path in paths(article)}
    lists = [resolve(path, settings.ROOT_URLCONF).func for path in paths if is_list.match(path)]
    assert len(lists) >= 8
    read = set().union(*(getattr(view, "query_params", ()) for view in lists))
    assert read - LEADS_ELSEWHERE == known, "PARAMETERS in static/js/sw.js"


def test_the_check_names_what_readers_cannot_open(tree, reader, django_assert_num_queries):
    live, draft = builders.make_live(tree.payakumbuh), builders.make_article(tree.payakumbuh)
    withdrawn = builders.make_withdrawn(tree.payakumbuh)
    ids = [live.pk, draft.pk, withdrawn.pk, 987654321]
    asked = "/luring.json?cerita=" + "-".join(map(str, ids))
    with django_assert_num_queries(2):  # the region, the articles
        answer = reader(tree.makassar).get(asked)
    assert json.loads(answer.content) == {"gone": sorted(ids[1:])}
    assert answer.headers["Cache-Control"] == "no-store"
    Article.objects.filter(pk=live.pk).update(expires_at=live.published_at + (live.created_at - live.published_at) / 2)
    assert json.loads(reader(tree.makassar).get(asked).content) == {"gone": sorted(ids)}
    bad = ["", "x", "0", "1-", "1--2", "-1", "1,2", "1" * 19, "-".join(["7"] * 51), "1\n", "١"]
    assert {reader(tree.payakumbuh).get("/luring.json", {"cerita": asked}).status_code for asked in bad} == {400}
    assert reader(tree.payakumbuh).get("/luring.json", {"cerita": "-".join(["7"] * 50)}).status_code == 200
