"""Guessing passwords: thousands of tries at one account, each from another address, against real processes.

    python -m benchmarks.guesses --guesses 10000 [--database-url postgres://…]

The server trusts one proxy, so the last forwarded address counts and every guess comes from an address of its own.
That is the hardest case, in which only the count for the name can help. How many passwords were really looked at
is read from the server's log. Afterwards the owner logs in from the device that they used before, and a stranger with
the right password does not. Then the time of an answer is compared for known and unknown names, tried in turn.
Exit status 1 if more than 20 passwords were looked at, or the owner was shut out.
"""

import argparse
import http.client
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from tests.server import Server

MOST = 20  # passwords that may be looked at in 15 minutes
CLIENTS = 8
PASSWORD = "kata-sandi-pemilik-akun"
SEED = f"""
import django; django.setup()
from news.demo import builders
network = builders.make_network()
for number in range(9):
    builders.make_user(f"akun{{number}}", "reporter", network, password={PASSWORD!r})
"""


class Visitor:
    """A browser as far as logging in needs one: its cookies, one of which may stand for the form's token."""

    def __init__(self, server: Server):
        self.server = server
        self.cookies: dict[str, str] = {}
        self.ask("GET", "192.0.2.1")

    def ask(self, method: str, address: str, form: dict[str, str] | None = None) -> int:
        host = f"redaksi.localhost:{self.server.port}"
        headers = {
            "Host": host,
            "Origin": f"http://{host}",
            "X-Forwarded-For": f"10.9.8.7, {address}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, "/akun/masuk/", urlencode(form or {}), headers)
        response = connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= dict([value.split(";")[0].split("=", 1)])
        response.read()
        connection.close()
        return response.status

    def log_in(self, name: str, password: str, address: str) -> bool:
        form = {"csrfmiddlewaretoken": self.cookies["redaksi-csrf"], "login": name, "password": password}
        return self.ask("POST", address, form) == 302


def looked_at(server: Server) -> int:
    return (server.folder / "gunicorn.log").read_text().count("A name or password was wrong")


def guess(server: Server, guesses: int) -> bool:
    owner = Visitor(server)
    assert owner.log_in("akun0", PASSWORD, "203.0.113.5")
    del owner.cookies["redaksi"]  # logged out; the device is known
    before, began = looked_at(server), time.perf_counter()

    def attack(client: int) -> int:
        visitor, opened = Visitor(server), 0
        for number in range(client, guesses, CLIENTS):
            address = f"198.{18 + number % 2}.{number // 250 % 250}.{number % 250}"
            opened += visitor.log_in("akun0", f"tebakan-{number}", address)
        return opened

    with ThreadPoolExecutor(CLIENTS) as clients:
        opened = sum(clients.map(attack, range(CLIENTS)))
    taken, evaluated = time.perf_counter() - began, looked_at(server) - before
    stranger = Visitor(server).log_in("akun0", PASSWORD, "198.51.100.7")
    known = owner.log_in("akun0", PASSWORD, "203.0.113.5")
    print(f"{guesses} guesses from as many addresses in {taken:.0f} s: {evaluated} looked at, {opened} opened")
    print(f"then, with the right password: owner's device in: {known}, a stranger in: {stranger}")
    return evaluated <= MOST and not opened and known and not stranger


def compare(server: Server, rounds: int) -> None:
    """The time of an answer to a wrong password, in milliseconds, for names in turn."""
    visitor = Visitor(server)
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(rounds):
        for kind in taken:
            name = f"akun{1 + number % 8}" if kind == "known" else f"tiada{number % 8}"
            began = time.perf_counter()
            visitor.log_in(name, "salah", f"192.0.2.{number + 1}")
            taken[kind].append((time.perf_counter() - began) * 1000)
    for kind, times in taken.items():
        print(f"{kind:>8} name: median {statistics.median(times):.1f} ms, quartiles {statistics.quantiles(times, n=4)}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=64, help="answers whose time is compared, of either kind")
    parser.add_argument("--database-url", default="")
    chosen = parser.parse_args(arguments)
    with Server(chosen.database_url, TRUSTED_PROXY_COUNT="1") as server:
        server.run("-c", SEED)
        held = guess(server, chosen.guesses)
        if chosen.rounds:
            compare(server, chosen.rounds)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
