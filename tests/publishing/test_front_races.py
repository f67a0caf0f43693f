"""Of many pairs of editors that arrange one front page at the same moment, nobody's edit is lost."""

import json
import os

import pytest

from tests.server import Server
from tests.thorough import THOROUGH

PAIRS = 100 if THOROUGH else 20


@pytest.mark.databases
@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_an_edit_is_kept_or_its_editor_is_shown_both(record_property):
    url = os.environ.get("DATABASE_URL", "")
    server = Server(url if url.startswith("postgres") else "")
    try:
        server.prepare()
        edits = json.loads(server.run("-m", "tests.publishing.front_races", str(PAIRS)).splitlines()[-1])
    finally:
        server.__exit__()
    assert len(edits) == 2 * PAIRS
    assert [edit for edit in edits if not edit["kept"] and not edit["shown_with_both"]] == [], "lost"
    same = [edit for edit in edits if edit["same_slot"]]
    assert all(edit["kept"] for edit in edits if not edit["same_slot"]), "other slots are merged"
    assert sum(edit["kept"] for edit in same) == len(same) / 2, "of two edits of one slot, one is stored"
    record_property("pairs that met in one slot", len(same) // 2)
