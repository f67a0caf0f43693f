"""Settings: a development site without configuration, and a named refusal for what production lacks."""

import os
import re
import shutil
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


WRONG = {
    "DEBUG": "mungkin",
    "WORKERS": "0",
    "GUNICORNS": "0",
    "WEB_MACHINES": "banyak",
    "HEALTH_NETWORKS": "10.0.0.1/8",
    "METRICS_BIND": "9101",
    "WORKER_METRICS_BIND": "9102",
    "LOG_FORMAT": "xml",
    "SENTRY_DSN": "sentry.example.org",
    "LOG_LEVEL": "BERISIK",
    "SCHEME": "ftp",
    "TRUSTED_PROXY_COUNT": "-1",
    "PAGE_CACHE_BYTES": "besar",
}


def test_wrong_values_are_named_all_at_once_and_say_what_to_write(tmp_path):
    stopped = run(tmp_path, **WRONG)
    assert stopped.returncode != 0
    for name in WRONG:
        assert re.search(rf"{name}: (Not a valid|Must be|Write)", stopped.stderr), name


def test_commands_say_what_is_wrong_without_a_traceback(tmp_path):
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "LOG_FORMAT": "xml"}
    command = [sys.executable, "manage.py", "check"]
    stopped = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("Set these environment variables")
    assert "Traceback" not in stopped.stderr


@pytest.mark.parametrize(("name", "value"), [("WORKERS", "0"), ("THREADS", "x"), ("DRAIN_SECONDS", "-1")])
def test_gunicorn_does_not_start_with_a_wrong_value_and_names_it(tmp_path, name, value):
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), name: value}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--check-config", "pekon.wsgi"]
    stopped = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert stopped.returncode != 0
    assert re.search(rf"Set these environment variables .*\b{name}: (Not a valid|Must be)", stopped.stderr)


def variables(path):
    """What a file reads from the environment, with the text of each default."""
    return dict(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"(?:,\s*(.*))?', path.read_text("utf-8")))


def test_every_variable_is_in_the_operators_guide():
    guide = (ROOT / "docs" / "operate.md").read_text("utf-8")
    read = variables(ROOT / "pekon" / "settings.py")
    server = variables(ROOT / "deploy" / "gunicorn.conf.py")
    documented = re.findall(r"^\| `([A-Z0-9_]+)` \|", guide, re.MULTILINE)
    assert len(read) > 40
    assert read.keys() | server.keys() == set(documented)
    assert len(documented) == len(set(documented))


def test_what_both_files_read_has_one_default():
    read = variables(ROOT / "pekon" / "settings.py")
    server = variables(ROOT / "deploy" / "gunicorn.conf.py")
    assert {"BIND", "WORKERS"} <= read.keys() & server.keys()
    for name in ("BIND", "WORKERS"):
        assert read[name] == server[name], name


def test_gunicorns_variables_come_from_the_same_file(tmp_path):
    """The `.env` beside manage.py is read by both; here from a copy of gunicorn's file."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "gunicorn.conf.py", tmp_path / "deploy")
    (tmp_path / ".env").write_text("BIND=127.0.0.1:8239\nWORKERS=3\nTHREADS=7\nDRAIN_SECONDS=4\n")
    code = (
        "import runpy, sys; c = runpy.run_path(sys.argv[1]); "
        "print(*(c[name] for name in ('bind', 'workers', 'threads', '_drain_seconds')))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "deploy" / "gunicorn.conf.py")]
    environment = {"PATH": os.environ["PATH"]}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["127.0.0.1:8239", "3", "7", "4.0"]
