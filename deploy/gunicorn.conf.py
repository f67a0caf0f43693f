"""gunicorn as Pekon runs it: a process per core, a few threads each, and nothing written outside VAR_DIR.

Settings come from the environment, or like all others from a file `.env` beside manage.py. docs/operate.md explains
them. Where systemd holds the port (deploy/systemd/pekon-web.socket), BIND is not used.
"""

import multiprocessing
import os
import sys
from pathlib import Path

from environs import Env, EnvValidationError, validate
from gunicorn import systemd
from gunicorn.workers.base import Worker

_release = Path(__file__).resolve().parent.parent
_env = Env(eager=False)
_env.read_env(str(_release / ".env"), recurse=False)

chdir = str(_release)  # not the link `current`, which moves while this release goes on

# gunicorn would tell systemd that it is ready before it has loaded Pekon.
_notify_socket = os.environ.pop("NOTIFY_SOCKET", "")


def post_worker_init(worker: Worker) -> None:
    """Count this process, and tell systemd that this gunicorn answers requests."""
    if _metrics_bind:
        from pekon import metrics_server

        metrics_server.count_worker()
    if _notify_socket:
        os.environ["NOTIFY_SOCKET"] = _notify_socket
        systemd.sd_notify("READY=1", worker.log, unset_environment=True)


bind = _env.str("BIND", "127.0.0.1:8000")
workers = _env.int("WORKERS", min(multiprocessing.cpu_count(), 4), validate=validate.Range(min=1))
worker_class = "pekon.gunicorn.BufferingWorker"
threads = _env.int("THREADS", 4, validate=validate.Range(min=1))
timeout = 60  # seconds; uploads of photos on slow networks are buffered by the proxy in front
graceful_timeout = 20
# No max_requests: a process that starts while the database is down has no pages to show.
control_socket_disable = True
logger_class = "pekon.gunicorn.UTCLogger"
_drain_seconds = _env.float("DRAIN_SECONDS", 0, validate=validate.Range(min=0))
_log_format = _env.str("LOG_FORMAT", "text", validate=validate.OneOf(["text", "json"]))
_metrics_bind = _env.str("METRICS_BIND", "")
_metrics_folder = _env.path("VAR_DIR", _release / "var") / "metrics" / str(os.getpid())

try:
    _env.seal()
except EnvValidationError as _error:
    _reasons = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in _error.error_messages.items())
    sys.exit(f"Set these environment variables (docs/operate.md explains each): {_reasons}")

# By default gunicorn lets clients on this machine set SCRIPT_NAME and PATH_INFO by headers, and "https" by three
# others. Pekon turns this off: only Django decides whether to trust X-Forwarded-Proto (TRUSTED_PROXY_COUNT).
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
forwarded_allow_ips = ""
header_map = "drop"  # names with an underscore: WSGI cannot distinguish them from names with a dash

# For pekon.gunicorn. Not LOG_FORMAT itself, which would hide a change of .env from a reload.
os.environ["GUNICORN_LOG_FORMAT"] = _log_format

if _metrics_bind:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics_folder)


def on_starting(server):
    if _metrics_bind:
        from pekon import metrics_server

        metrics_server.prepare(_metrics_folder)


def when_ready(server):
    from pekon import draining

    draining.install(_drain_seconds)
    if _metrics_bind:
        from pekon import metrics_server

        metrics_server.start(_metrics_bind, _metrics_folder)


def child_exit(server, worker):
    if _metrics_bind:
        from pekon import metrics_server

        metrics_server.forget(worker.pid)
