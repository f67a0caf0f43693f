"""Packed static files: what a page loads once is stored by its browser for good."""

import re

from tests import made_once

HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
IMPORTED = re.compile(r"""(?:\bfrom|\bimport) "(\.{1,2}/[^"]+)\"""")


def test_scripts_import_each_other_by_names_that_change_with_them():
    scripts = [path for path in (made_once.static_files() / "js").rglob("*.js") if HASHED.search(path.name)]
    found = [(script, name) for script in scripts for name in IMPORTED.findall(script.read_text("utf-8"))]
    assert len({name.rpartition("/")[2] for _script, name in found if name.startswith("../")}) >= 3
    assert [(script.name, name) for script, name in found if not HASHED.search(name)] == []
    assert [(script.name, name) for script, name in found if not (script.parent / name).exists()] == []
