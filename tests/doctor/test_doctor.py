"""manage.py doctor against real servers: what it says of each fault, and what to do."""

import http.server
import json
import os
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from news.demo import builders
from pekon.background import workers
from pekon.background.models import BackgroundTask, CommandRun
from pekon.background.runs import record_run
from pekon.doctor import registry
from pekon.doctor.checks import certificates, disk, hosts, timers
from pekon.static_files import StaticFilesStorage
from tests.images.test_s3 import s3, server  # noqa: F401  (fixtures)
from tests.server import ROOT, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def examine(capsys):
    """Runs the command for some checks. Returns the exit status, and the findings as (status, text, advice)."""

    def run(*names, **options):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            call_command("doctor", json=True, only=list(names), **options)
        told = json.loads(capsys.readouterr().out)
        assert told["status"] == {0: "OK", 1: "WARN", 2: "FAIL"}[ended.value.code]
        assert all(finding["status"] in ("OK", "SKIP") or finding["advice"] for finding in told["findings"])
        return ended.value.code, [
            (found["status"], found["text"], found.get("advice", "")) for found in told["findings"]
        ]

    return run


def test_the_report_for_people_has_a_line_a_finding_and_the_advice(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", only=["worker", "redis"])
    assert ended.value.code == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["SKIP", "redis"]
    assert lines[1].split()[:2] == ["FAIL", "worker"]
    assert lines[2].strip().startswith("→ Start the service")


def test_a_check_that_breaks_is_a_failure_and_the_others_go_on(examine, monkeypatch):
    def broken(options):
        raise RuntimeError("gone")

    monkeypatch.setattr(registry, "_checks", [registry._Registered("redis", broken, False), *registry._checks])
    code, findings = examine("redis")
    assert code == 2
    assert "RuntimeError: gone" in findings[0][1]
    assert findings[1][0] == "SKIP"


def test_each_check_has_one_name_and_is_in_the_guide():
    guide = (ROOT / "docs" / "operate.md").read_text("utf-8")
    listed = re.search(r"The checks are (.*?)\.\n", guide, re.DOTALL)[1]
    assert re.findall(r"`(\w+)`", listed) == registry.names()
    assert len(set(registry.names())) == len(registry.names())


def test_settings_are_djangos_checks_for_production(examine, settings):
    settings.SECURE_CONTENT_TYPE_NOSNIFF = False
    code, findings = examine("settings")
    assert code > 0
    assert any("security.W006" in text for _status, text, _advice in findings)
    settings.DEBUG = True
    assert examine("settings")[0] == 2


@pytest.mark.databases
def test_the_database_answers_and_has_connections_for_all(examine, settings):
    assert examine("database")[1][0][0] == "OK"
    if connection.vendor != "postgresql":
        assert examine("connections")[1][0][0] == "SKIP"
        settings.WEB_MACHINES = 2
        assert examine("database")[0] == 2
        return
    settings.WORKERS, settings.WEB_MACHINES = 2, 1
    assert examine("connections")[0] == 0
    settings.WORKERS, settings.GUNICORNS, settings.WEB_MACHINES = 2, 2, 9
    code, [(_status, text, advice)] = examine("connections")
    assert (code, "= 297" in text, "max_connections" in advice) == (1, True, True)


@pytest.mark.databases
def test_migrations_that_are_missing_or_of_a_newer_release_are_named(examine):
    assert examine("migrations") == (0, [("OK", "all applied", "")])
    recorder = MigrationRecorder(connection)
    recorder.record_applied("background", "0099_later")
    code, [(_status, text, _advice)] = examine("migrations")
    assert (code, "background.0099_later" in text) == (1, True)
    recorder.record_unapplied("background", "0002_command_runs")
    code, findings = examine("migrations")
    assert (code, findings[0][1], findings[0][2]) == (
        2, "not applied: background.0002_command_runs", "Run manage.py migrate.",
    )  # fmt: skip


@pytest.mark.databases
@pytest.mark.parametrize(("seconds", "code"), [(0, 0), (-1.4, 1), (90, 2)])
def test_a_clock_that_differs_from_the_databases(examine, seconds, code):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no clock of its own")
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True):
        found, [(_status, text, _advice)] = examine("clock")
    assert found == code, text


def test_redis_is_examined_where_it_is_configured(examine, settings, tmp_path):
    port = free_port()
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
    code, [(_status, text, _advice)] = examine("redis")
    assert (code, "does not answer" in text) == (2, True)
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        code, findings = examine("redis")
        assert code == 1
        assert ["maxmemory" in text for _status, text, _advice in findings] == [True, True]
        for setting in (("maxmemory", "64mb"), ("maxmemory-policy", "allkeys-lru")):
            subprocess.run(["redis-cli", "-p", str(port), "config", "set", *setting], check=True, capture_output=True)
        assert examine("redis")[0] == 0
    finally:
        process.terminate()
        process.wait()


def test_folders_are_written_read_and_emptied(examine, settings, tmp_path):
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = settings.STORAGES | {"default": place, "originals": place}
    assert examine("storage")[0] == 0
    assert list((tmp_path / "media").iterdir()) == []
    (tmp_path / "file").touch()
    broken = place | {"OPTIONS": {"location": tmp_path / "file"}}
    settings.STORAGES = settings.STORAGES | {"originals": broken}
    code, findings = examine("storage")
    assert (code, findings[0][0], "cannot be written" in findings[1][1]) == (2, "OK", True)
    settings.WEB_MACHINES = 2
    assert "WEB_MACHINES is 2" in examine("storage")[1][2][1]
    assert FileSystemStorage(tmp_path / "media").listdir("") == ([], [])


def test_buckets_are_written_read_and_emptied(examine, s3):  # noqa: F811
    assert examine("storage")[0] == 0
    assert s3.names("originals") == s3.names("renditions") == set()
    s3.client.delete_bucket(Bucket="originals")
    code, findings = examine("storage")
    assert (code, "bucket originals" in findings[1][1], "S3_ENDPOINT" in findings[1][2]) == (2, True, True)


class MailServer(threading.Thread):
    """Speaks enough SMTP for one client at a time, and keeps what it was told."""

    def __init__(self, log_in="235 2.7.0 Yes"):
        super().__init__(daemon=True)
        self.log_in, self.told = log_in, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            client, _address = self.socket.accept()
            with client, client.makefile("rwb") as stream:
                stream.write(b"220 mail\r\n")
                stream.flush()
                in_text = False
                for line in stream:
                    self.told.append(line.decode().strip())
                    if in_text and line != b".\r\n":
                        continue
                    word = line[:4].upper().strip()
                    answers = {b"EHLO": "250-mail\r\n250 AUTH PLAIN", b"AUTH": self.log_in, b"DATA": "354 Go on"}
                    in_text = word == b"DATA"
                    stream.write(answers.get(word, "250 OK").encode() + b"\r\n")
                    stream.flush()
                    if word == b"QUIT":
                        break


@pytest.fixture
def by_smtp(settings):
    def use(port):
        settings.MAIL_SENDING_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "pekon", "rahasia"
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    return use


def test_the_mail_server_is_logged_in_to_and_gets_no_mail(examine, by_smtp):
    assert examine("mail")[0] == 1  # the tests' mail goes nowhere
    mail_server = MailServer()
    by_smtp(mail_server.port)
    assert examine("mail")[0] == 0
    assert [line.split()[0].lower() for line in mail_server.told] == ["ehlo", "auth", "quit"]
    examine("mail", mail="rani@example.org")
    assert "rcpt TO:<rani@example.org>" in mail_server.told


def test_a_mail_server_that_refuses_or_is_away(examine, by_smtp):
    by_smtp(MailServer("535 5.7.8 No").port)
    code, [(_status, text, _advice)] = examine("mail")
    assert (code, "SMTPAuthenticationError" in text) == (2, True)
    assert "rahasia" not in text
    by_smtp(free_port())
    assert examine("mail")[0] == 2


def test_gunicorn_is_asked_on_a_unix_socket_too(examine, settings, tmp_path):
    class Handler(http.server.BaseHTTPRequestHandler):
        status, body = 200, b"{}"

        def do_GET(self):
            self.send_response(self.status)
            self.send_header("Content-Length", str(len(self.body)))
            self.end_headers()
            self.wfile.write(self.body)

        def address_string(self):
            return "unix"

        def log_message(self, *arguments):
            pass

    settings.BIND = f"unix:{tmp_path}/socket"
    assert examine("web")[0] == 2
    with socketserver.UnixStreamServer(f"{tmp_path}/socket", Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        assert examine("web") == (0, [("OK", f"gunicorn is ready on unix:{tmp_path}/socket", "")])
        Handler.status, Handler.body = 503, b'{"ready": {"pages": true, "migrations": false, "storage": false}}'
        code, [(_status, text, _advice)] = examine("web")
        assert (code, text.endswith(": migrations, storage")) == (2, True)
        listening.shutdown()


def test_names_without_an_address_are_found(examine, settings, monkeypatch):
    settings.HOST_NAME, settings.DOMAIN = "pekon.invalid", "pekon.invalid"
    hosts.wildcard.cache_clear()
    network = builders.make_network()
    builders.make_region("payakumbuh", network, is_open=True)
    builders.make_region("solok", network, is_open=False)
    code, findings = examine("names")  # the real resolver: .invalid has no addresses (RFC 2606)
    assert code == 2
    assert "*.pekon.invalid" in findings[0][1]
    assert findings[1][1] == "no address: pekon.invalid, redaksi.pekon.invalid, payakumbuh.pekon.invalid"
    monkeypatch.setattr(hosts.socket, "getaddrinfo", lambda *arguments, **options: ["an address"])
    assert examine("names")[0] == 0
    settings.HOST_NAME = "localhost"
    assert examine("names")[1][0][0] == "SKIP"
    hosts.wildcard.cache_clear()


@contextmanager
def tls_server(folder, names, days):
    """A server whose certificate, by an authority of its own, is for `names` and valid for so many days."""
    authority, files = folder / "ca.pem", ["-keyout", folder / "ca.key", "-out", folder / "ca.pem"]
    openssl = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl += ["-subj", "/CN=uji"]
    if not authority.exists():
        subprocess.run([*openssl, "-x509", "-days", "90", *files], check=True, capture_output=True)
    extension = folder / "names.cnf"
    extension.write_text("subjectAltName=" + ",".join(f"DNS:{name}" for name in names))
    subprocess.run(
        [*openssl, "-keyout", folder / "key.pem", "-out", folder / "request.pem"], check=True, capture_output=True
    )
    sign = ["openssl", "x509", "-req", "-in", folder / "request.pem", "-CA", authority, "-CAkey", folder / "ca.key"]
    sign += ["-CAcreateserial", "-days", str(days), "-extfile", extension, "-out", folder / "cert.pem"]
    subprocess.run(sign, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                client, _address = listening.accept()
            except OSError:
                return
            try:
                context.wrap_socket(client, server_side=True).close()
            except OSError:
                client.close()

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1]
    listening.close()


@pytest.mark.parametrize(("days", "code"), [(60, 0), (15, 1), (3, 2)])
def test_certificates_that_end_soon(examine, settings, monkeypatch, tmp_path, days, code):
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: resolve("127.0.0.1", *rest, **more))
    monkeypatch.setattr(certificates, "wildcard", lambda: "acak.pekon.invalid")
    settings.HTTPS, settings.HOST_NAME = True, "pekon.invalid"
    with tls_server(tmp_path, ["pekon.invalid", "*.pekon.invalid"], days) as port:
        settings.DOMAIN = f"pekon.invalid:{port}"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        found, findings = examine("certificates")
        assert (found, len(findings)) == (code, 3), findings
        monkeypatch.delenv("SSL_CERT_FILE")
        assert examine("certificates")[0] == 2  # the authority is unknown


def test_a_certificate_without_the_wildcard(examine, settings, monkeypatch, tmp_path):
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: resolve("127.0.0.1", *rest, **more))
    settings.HTTPS, settings.HOST_NAME = True, "pekon.invalid"
    hosts.wildcard.cache_clear()
    with tls_server(tmp_path, ["pekon.invalid", "redaksi.pekon.invalid"], 60) as port:
        settings.DOMAIN = f"pekon.invalid:{port}"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        code, findings = examine("certificates")
    hosts.wildcard.cache_clear()
    assert code == 2
    assert [status for status, _text, _advice in findings] == ["OK", "OK", "FAIL"]
    assert "*.pekon.invalid" in findings[2][1]


def test_a_worker_that_is_silent_or_behind(examine):
    assert examine("worker")[0] == 2
    workers.beat("one")
    assert examine("worker") == (0, examine("worker")[1])
    task = BackgroundTask.objects.create(
        status="READY", args_kwargs={}, task_path="x", backend_name="default", run_after=timezone.now()
    )
    for minutes, code in ((5, 0), (20, 1), (90, 2)):
        BackgroundTask.objects.filter(pk=task.pk).update(run_after=timezone.now() - timedelta(minutes=minutes))
        assert examine("worker")[0] == code, minutes
    BackgroundTask.objects.update(status="FAILED", finished_at=timezone.now())
    assert "1 tasks failed" in examine("worker")[1][-1][1]
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert examine("worker")[1][0][0] == "FAIL"


def test_timers_that_are_late_fail_or_never_ran(examine):
    code, findings = examine("timers")
    assert (code, len(findings)) == (1, len(timers.NIGHTLY))
    for name in timers.NIGHTLY:
        with record_run(name):
            pass
    assert examine("timers")[0] == 0
    with time_machine.travel(timezone.now() + timedelta(hours=37)):
        assert examine("timers")[0] == 1
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert examine("timers")[0] == 2
    fails = record_run("renditions")(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fails()
    code, [(_status, text, advice)] = examine("timers")
    assert (code, text) == (1, "renditions failed at its last run: ZeroDivisionError")
    assert "renditions --make" in advice
    CommandRun.objects.filter(name="renditions", succeeded=False).delete()
    CommandRun.objects.create(name="renditions", started_at=timezone.now())
    assert examine("timers")[0] == 0  # it runs just now
    CommandRun.objects.filter(finished_at=None).update(started_at=timezone.now() - timedelta(hours=40))
    with record_run("empty_bin"):
        pass
    CommandRun.objects.filter(name="renditions", succeeded=True).update(started_at=timezone.now() - timedelta(days=3))
    assert "never ended" in examine("timers")[1][0][1]


def test_a_backup_counts_once_it_was_proven(examine):
    assert examine("backup")[0] == 2
    with record_run("backup"):
        pass
    code, findings = examine("backup")
    assert (code, findings[0][0], findings[1][1]) == (2, "OK", "drill has never succeeded")
    with record_run("drill"):
        pass
    assert examine("backup")[0] == 0


def test_a_disk_that_is_nearly_full(examine, monkeypatch):
    monkeypatch.setattr(disk, "WARN_SHARE", 0.0)
    monkeypatch.setattr(disk, "WARN_BYTES", 0)
    assert examine("disk")[0] in (0, 2)
    monkeypatch.setattr(disk, "WARN_BYTES", 2**60)
    monkeypatch.setattr(disk, "FAIL_SHARE", 0.0)
    assert examine("disk")[0] == 1
    monkeypatch.setattr(disk, "FAIL_BYTES", 2**60)
    assert examine("disk")[0] == 2


def test_files_that_others_can_read(examine, settings, tmp_path):
    settings.VAR_DIR = settings.BASE_DIR = tmp_path
    for name, mode in ((".env", 0o600), ("secret-key", 0o600), ("pekon.sqlite3", 0o600)):
        (tmp_path / name).touch(mode)
    for name in ("originals", "uploads"):
        (tmp_path / name).mkdir(0o700)
    settings.DATABASES["default"] = settings.DATABASES["default"] | {
        "ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "pekon.sqlite3",
    }  # fmt: skip
    assert examine("files")[0] == 0
    for name in (".env", "secret-key", "pekon.sqlite3", "originals", "uploads"):
        path = tmp_path / name
        mode = path.stat().st_mode & 0o777
        path.chmod(mode | 0o004)
        code, [(_status, _text, advice)] = examine("files")
        assert (code, advice) == (2, f"chmod {mode:o} {path}")
        path.chmod(mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
def test_the_env_file_of_an_install_is_roots_and_read_by_pekons_group(examine, settings, tmp_path):
    settings.VAR_DIR = settings.BASE_DIR = tmp_path
    pekon, env = 64_001, tmp_path / ".env"
    os.chown(tmp_path, pekon, pekon)
    env.touch()

    def found(mode, group):
        os.chown(env, 0, group)
        env.chmod(mode)
        return [(status, advice) for status, text, advice in examine("files")[1] if text.startswith(str(env))]

    assert found(0o640, pekon) == []
    assert found(0o644, pekon) == [("FAIL", f"chmod 640 {env}")]
    assert found(0o640, pekon + 1)[0] == ("FAIL", f"chmod 600 {env}")


def test_static_files_are_those_of_this_release(examine, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles-0.0.1.json").touch()
    assert examine("static")[0] == 2
    (tmp_path / StaticFilesStorage.manifest_name).touch()
    assert examine("static")[0] == 0


def wait_for(port):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)
