"""gunicorn as Pekon runs it: a process per core, a few threads each, and nothing written outside VAR_DIR.

BIND, WORKERS and THREADS come from the environment, or like all other settings from a file `.env` beside manage.py.
"""

import multiprocessing
from pathlib import Path

from environs import Env

_env = Env()
_env.read_env(str(Path(__file__).resolve().parent.parent / ".env"), recurse=False)

bind = _env.str("BIND", "127.0.0.1:8000")
workers = _env.int("WORKERS", min(multiprocessing.cpu_count(), 4))
worker_class = "pekon.gunicorn.BufferingWorker"
threads = _env.int("THREADS", 4)
timeout = 60  # seconds; uploads of photos on slow networks are buffered by the proxy in front
graceful_timeout = 20
# No max_requests: a process that starts while the database is down has no pages to show.
control_socket_disable = True
logger_class = "pekon.gunicorn.UTCLogger"

# By default gunicorn lets clients on this machine set SCRIPT_NAME and PATH_INFO by headers, and "https" by three
# others. Pekon turns this off: only Django decides whether to trust X-Forwarded-Proto (TRUSTED_PROXY_COUNT).
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
forwarded_allow_ips = ""
header_map = "drop"  # names with an underscore: WSGI cannot distinguish them from names with a dash
