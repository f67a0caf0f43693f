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


def test_no_text_of_the_code_is_missing_from_the_catalogue(tmp_path):
    """Collects the texts anew, into a copy, and compares."""
    if shutil.which("xgettext") is None:
        assert os.environ.get("CI") != "true", "gettext is missing"
        pytest.skip("no gettext on this machine (Debian: apt-get install gettext)")
    for name in ("news", "regions", "pekon", "templates", "static", "manage.py"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    arguments = ["manage.py", "makemessages", "--locale", "id", "--no-location", "--no-obsolete", "--verbosity", "0"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "pekon.settings", "DEBUG": "true", "VAR_DIR": str(tmp_path)}
    subprocess.run([sys.executable, *arguments], cwd=tmp_path, env=environment, check=True)
    collected = polib.pofile(str(tmp_path / FOLDER.relative_to(ROOT) / "django.po"))
    known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(FOLDER / "django.po"))}
    assert {(entry.msgctxt, entry.msgid) for entry in collected} == known


def test_indonesian_is_the_default_and_english_the_second_language():
    assert settings.LANGUAGE_CODE == "id"
    assert [code for code, _name in settings.LANGUAGES] == ["id", "en"]
