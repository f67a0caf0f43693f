"""Extends gunicorn: the format of its log lines, and a worker that slow clients cannot block.

gunicorn's threaded worker assigns a thread to a connection as soon as its first byte arrives. So a dozen clients that
each send half a request block a site without a buffering proxy. Here a connection waits in the event loop, without a
thread, until its headers and a body of up to MAX_AWAITED bytes have arrived. The bytes stay in the kernel and are only
peeked at. Larger and chunked bodies are read by a thread, and must arrive within READ_TIMEOUT. The operators' guide
still requires a proxy that buffers whole requests, because a large body that arrives slowly does occupy a thread.

The worker also leaves new connections to processes that have fewer of them. gunicorn's own worker accepts every
connection that it can, so that a few long-lived ones often end up in the same process.
"""

import os
import re
import selectors
import socket
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from . import logs

HEADER_TIMEOUT = 10.0
"""Seconds in which the headers of a request, and a short body, must arrive."""
READ_TIMEOUT = 60.0
"""Seconds in which a whole request must arrive."""
MAX_AWAITED = 65_536
"""Bytes of headers and body that are awaited without a thread. More would not fit into the kernel's buffer."""
ACCEPT_DELAY = 0.000_2
"""Seconds of delay before accepting a connection, for each open connection, but for at most ten."""
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)


class UTCLogger(Logger):
    """gunicorn's logger, with the same format as all other log lines (pekon.logs)."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.formatter(os.environ.get("GUNICORN_LOG_FORMAT", "text")))


class BufferingWorker(ThreadWorker):
    def init_process(self) -> None:
        self._reading: dict[TConn, float] = {}  # connection being read by a thread → its deadline
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        if self.nr_conns:
            time.sleep(ACCEPT_DELAY * min(self.nr_conns, 10))
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another process was faster, or the client has disconnected
            return
        self.nr_conns += 1
        self._wait_for_request(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Handle the beginning of the next request on a keep-alive connection."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for_request(conn)

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        if _has_arrived(client):
            super().on_pending_socket_readable(conn, client)

    def enqueue_req(self, conn: TConn) -> None:
        self._reading[conn] = time.monotonic() + READ_TIMEOUT
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        self._reading.pop(conn, None)
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """End requests that took too long to arrive. gunicorn calls this at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, deadline in list(self._reading.items()):
            if deadline < now:
                del self._reading[conn]
                _end_reading(conn.sock)

    def _wait_for_request(self, conn: TConn) -> None:
        if _has_arrived(conn.sock):
            conn.data_ready = True
            self.enqueue_req(conn)
            return
        conn.timeout = time.monotonic() + HEADER_TIMEOUT
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))


def _has_arrived(client: socket.socket) -> bool:
    """Whether a thread can take over the connection. If not, more data makes the socket readable again."""
    try:
        received = client.recv(MAX_AWAITED, socket.MSG_PEEK)
        is_over = len(received) < client.getsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT)
        if is_over or len(received) == MAX_AWAITED or _is_complete(received):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            return True
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(received) + 1)
    except BlockingIOError:
        return False
    except OSError:
        return True  # the thread will get the same error, and close the connection
    return False


def _is_complete(received: bytes) -> bool:
    head, blank_line, body = received.partition(b"\r\n\r\n")
    if not blank_line:
        return False
    length = _CONTENT_LENGTH.search(head + b"\r\n")
    return not length or len(body) >= int(length[1]) or int(length[1]) > MAX_AWAITED - len(head) - 4


def _end_reading(client: socket.socket) -> None:
    """Stop a thread from waiting for the rest of a request. An answer can still be sent."""
    with suppress(OSError):  # the client has disconnected
        client.shutdown(socket.SHUT_RD)
