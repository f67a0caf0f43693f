"""gunicorn as Pekon runs it: a process per core, a few threads each, and nothing written outside VAR_DIR."""

import multiprocessing
import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", min(multiprocessing.cpu_count(), 4)))
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "4"))
timeout = 60  # seconds; uploads of photos on slow networks are buffered by the proxy in front
graceful_timeout = 20
# No max_requests: a process that starts while the database is down has no pages to show.
control_socket_disable = True
