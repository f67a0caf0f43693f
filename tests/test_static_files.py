"""Packed static files: what a page loads once is stored by its browser for good."""

import json
import os
import re
import time

import pytest

from pekon import static_files
from tests import made_once

HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
IMPORTED = re.compile(r"""(?:\bfrom|\bimport) "(\.{1,2}/[^"]+)\"""")


def test_scripts_import_each_other_by_names_that_change_with_them():
    scripts = [path for path in (made_once.static_files() / "js").rglob("*.js") if HASHED.search(path.name)]
    found = [(script, name) for script in scripts for name in IMPORTED.findall(script.read_text("utf-8"))]
    assert len({name.rpartition("/")[2] for _script, name in found if name.startswith("../")}) >= 3
    assert [(script.name, name) for script, name in found if not HASHED.search(name)] == []
    assert [(script.name, name) for script, name in found if not (script.parent / name).exists()] == []


@pytest.fixture
def collect(tmp_path):
    """Makes files and a manifest as a release's collectstatic does, so many seconds ago."""

    def make(manifest, age, **paths):
        for name in [*paths, *paths.values()]:
            for file in (tmp_path / f"{name}.css", tmp_path / f"{name}.css.gz"):
                file.write_text("")
                os.utime(file, (time.time() - age,) * 2)
        (tmp_path / manifest).write_text(json.dumps({"paths": {f"{k}.css": f"{v}.css" for k, v in paths.items()}}))
        os.utime(tmp_path / manifest, (time.time() - age,) * 2)

    return make


OWN = static_files.StaticFilesStorage.manifest_name


def test_files_of_former_releases_stay_for_a_time_and_then_go(tmp_path, collect):
    collect("staticfiles-0.0.1.json", 900, base="base.1", gone="gone.1")
    collect("staticfiles-0.0.2.json", 500, base="base.2", still="still.2")  # it ran until 50 seconds ago
    collect(OWN, 50, base="base.3")
    assert static_files.prune(tmp_path, 100) == 6
    assert {path.name for path in tmp_path.glob("*.css")} == {
        "base.css", "base.2.css", "base.3.css", "still.css", "still.2.css",
    }  # fmt: skip
    assert {path.name for path in tmp_path.glob("*.json")} == {OWN, "staticfiles-0.0.2.json"}
    assert static_files.prune(tmp_path, 40) == 6  # superseded for long enough
    assert {path.name for path in tmp_path.glob("*.css")} == {"base.css", "base.3.css"}
    (tmp_path / OWN).unlink()
    assert static_files.prune(tmp_path, 0) == 0


def test_a_release_that_was_gone_back_to_counts_as_the_newest(tmp_path, collect):
    collect(OWN, 900, base="base.1")
    collect("staticfiles-9.json", 500, base="base.2")
    assert static_files.prune(tmp_path, 100) == 0
    collect("staticfiles-10.json", -1, base="base.3")  # being collected; a rollback needs the running one's tomorrow
    assert static_files.prune(tmp_path, 100) == 0
    assert len(list(tmp_path.glob("*.json"))) == 3
