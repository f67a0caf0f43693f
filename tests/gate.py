"""A TCP relay in front of a server. A test shuts, opens and narrows it, as if a database went away and came back."""

import contextlib
import socket
import threading


class Gate:
    """Listens on `port` and passes connections on to `target`; at most `limit` at a time, the others are cut off."""

    def __init__(self, target: tuple[str, int]):
        self.target, self.limit = target, 1_000
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def shut(self, limit: int = 0) -> None:
        """Cut all connections, and let no more than `limit` in from now on."""
        self.limit = limit
        with self._lock:
            for pair in self._pairs:
                for end in pair:
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)
            self._pairs.clear()

    def open(self) -> None:
        self.limit = 1_000

    def close(self) -> None:
        self._listener.close()
        self.shut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                with self._lock:
                    if len(self._pairs) >= self.limit:
                        client.close()
                        continue
                    server = socket.create_connection(self.target)
                    pair = client, server
                    self._pairs.append(pair)
                for source, goal in ((client, server), (server, client)):
                    threading.Thread(target=self._relay, args=(source, goal, pair), daemon=True).start()

    def _relay(self, source: socket.socket, goal: socket.socket, pair: tuple[socket.socket, socket.socket]) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                goal.sendall(data)
        for end in pair:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            if pair in self._pairs:
                self._pairs.remove(pair)
