"""Indonesian is complete: no text is untranslated, and what is compiled is what was written."""

import os
import re
import shutil
import subprocess
import sys

import polib
import pytest
from django.conf import settings

from tests.server import ROOT

FOLDER = ROOT / "pekon" / "locale" / "id" / "LC_MESSAGES"


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_text_is_translated_and_compiled(domain):
    source = polib.pofile(str(FOLDER / f"{domain}.po"))
    assert [entry.msgid for entry in source if not entry.translated() or entry.fuzzy] == []
    compiled = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.mofile(str(FOLDER / f"{domain}.mo"))}
    assert compiled == {(entry.msgctxt, entry.msgid): entry.msgstr for entry in source}


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_translations_keep_their_placeholders(domain):
    for entry in polib.pofile(str(FOLDER / f"{domain}.po")):
        for said in entry.msgstr_plural.values() or [entry.msgstr]:
            assert sorted(re.findall(r"%\(\w+\)s", entry.msgid)) == sorted(re.findall(r"%\(\w+\)s", said)), entry


def test_collecting_the_texts_anew_changes_no_line(tmp_path):
    """Does what `make messages` does, in a copy. So no text is missing from the catalogue, none is left over, and a
    diff after a new text shows that text alone."""
    if shutil.which("xgettext") is None:
        assert os.environ.get("CI") != "true", "gettext is missing"
        pytest.skip("no gettext on this machine (Debian: apt-get install gettext)")
    for name in ("news", "regions", "pekon", "templates", "static", "manage.py"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "pekon.settings", "DEBUG": "true", "VAR_DIR": str(tmp_path)}
    subprocess.run(["pekon/locale/collect.sh", sys.executable], cwd=tmp_path, env=environment, check=True)
    for name in ("django.po", "django.mo"):
        collected = tmp_path / FOLDER.relative_to(ROOT) / name
        assert collected.read_bytes() == (FOLDER / name).read_bytes(), f"{name}: run `make messages`"


def test_every_text_of_a_script_is_translated():
    """The catalogue of scripts is written by hand, because most of its texts are the body editor's."""
    known = {entry.msgid for entry in polib.pofile(str(FOLDER / "djangojs.po"))}
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "static" / "js").rglob("*.js"))
    texts = set(re.findall(r'\b(?:translate|gettext)\(\s*"([^"]+)"', scripts))
    assert texts
    assert sorted(texts - known) == []


def test_indonesian_is_the_default_and_english_the_second_language():
    assert settings.LANGUAGE_CODE == "id"
    assert [code for code, _name in settings.LANGUAGES] == ["id", "en"]
