"""Settings: a development site without configuration, and a named refusal for what production lacks."""

import os
import re
import subprocess
import sys

import pytest
from django.core import checks

from tests.server import ROOT

PRODUCTION = {
    "DEBUG": "false",
    "DOMAIN": "pekon.web.id",
    "SECRET_KEY": "0123456789" * 6,
    "DATABASE_URL": "postgres://pekon@127.0.0.1/pekon",
    "EMAIL_URL": "submission://pekon:secret@127.0.0.1:587",
}
READ = (
    "import django.conf as c; s = c.settings; "
    "print(s.DEBUG, s.DOMAIN, s.SESSION_COOKIE_NAME, s.SECURE_SSL_REDIRECT, s.REQUIRE_SECOND_FACTOR)"
)


def run(tmp_path, code=READ, **environment):
    kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "pekon.settings", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False)


def test_without_configuration_it_is_a_development_site(tmp_path):
    assert run(tmp_path).stdout.split() == ["True", "localhost:8000", "redaksi", "False", "False"]


def test_production_is_https_with_host_only_cookies_and_second_factors(tmp_path):
    assert run(tmp_path, **PRODUCTION).stdout.split() == ["False", "pekon.web.id", "__Host-redaksi", "True", "True"]


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"DEBUG"}))
def test_a_missing_production_value_stops_the_start_and_is_named(tmp_path, name):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}
    stopped = run(tmp_path, **environment)
    assert stopped.returncode != 0
    assert re.search(rf"Set these environment variables .*\b{name}\b", stopped.stderr)


@pytest.mark.parametrize("key", ["short", "k" * 60, "ab" * 30])
def test_a_secret_that_can_be_guessed_stops_the_start(tmp_path, key):
    stopped = run(tmp_path, **PRODUCTION | {"SECRET_KEY": key})
    assert stopped.returncode != 0
    assert "SECRET_KEY is too easy to guess" in stopped.stderr
    assert key not in stopped.stderr.replace("SECRET_KEY", "")


def test_all_missing_values_are_named_at_once(tmp_path):
    stopped = run(tmp_path, DEBUG="false")
    assert all(name in stopped.stderr for name in PRODUCTION.keys() - {"DEBUG"})


def test_a_mail_address_of_an_unknown_kind_stops_the_start(tmp_path):
    assert "EMAIL_URL begins with" in run(tmp_path, EMAIL_URL="imap://127.0.0.1").stderr


@pytest.mark.parametrize("other", [{}, {"S3_RENDITIONS": "a"}])
def test_originals_and_renditions_are_in_two_buckets(tmp_path, other):
    environment = {"S3_ORIGINALS": "a", "S3_ENDPOINT": "http://127.0.0.1:9"}
    assert "two buckets" in run(tmp_path, **environment, **other).stderr
    code = "import django; django.setup(); from news.images import storage; print(storage.originals().bucket_name)"
    assert run(tmp_path, code, **environment, S3_RENDITIONS="b").stdout == "a\n"


CHECK = "from django.core.management import execute_from_command_line as run; run(['x', 'check'])"


def test_a_development_site_passes_the_checks(tmp_path):
    checked = run(tmp_path, CHECK)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("domain", ["https://pekon.web.id", "pekon.web.id/", "pekon.web.id.", "", "a b"])
def test_a_malformed_domain_fails_the_check(settings, domain):
    settings.DOMAIN = domain
    assert [error.id for error in checks.run_checks() if error.id == "regions.E001"]


def test_every_variable_is_in_the_operators_guide():
    source = (ROOT / "pekon" / "settings.py").read_text("utf-8")
    guide = (ROOT / "docs" / "operate.md").read_text("utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", guide, re.MULTILINE))
    server = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "deploy" / "gunicorn.conf.py").read_text("utf-8")))
    assert len(read) > 8
    assert read | server == documented
