"""How fast a stored page is, beside the fastest that the same server can do with the same bytes.

    python -m benchmarks.pages [--seconds 5] [--rounds 5] [--database-url postgres://…]

Through the shipped nginx: a stored article and a static file with its compressed bytes. From gunicorn alone: the
article and a bare WSGI function that returns the same headers and bytes under the same workers. The two of a pair are
asked in turn by wrk (Debian's), with sixteen connections; printed are requests a second, and their ratio within each
round. A ratio below its budget ends the command with status 1 and is named.
"""

import argparse
import json
import re
import subprocess
from base64 import b64encode
from pathlib import Path

from benchmarks.measure import CONNECTIONS, Client, Other, keep, spread, told
from benchmarks.stampede import SEED
from tests.nginx import Nginx
from tests.server import Server

HOST = "payakumbuh.localhost"
BUDGETS = {"nginx": 0.8, "gunicorn": 0.9}
"""Of the fastest that the server can do, at least."""


def requests_a_second(port: int, path: str, seconds: float) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-H", f"Host: {HOST}", "-H", "Accept-Encoding: br"]
    said = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True)
    if "Non-2xx" in said.stdout or "Socket errors" in said.stdout:
        raise SystemExit(said.stdout)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said.stdout)
    return float(found[1]) if found else 0.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--database-url", default="")
    asked = options.parse_args()
    with Server(asked.database_url) as server, Nginx(server) as nginx:
        path = server.run("-c", SEED).split()[-1]
        page = Client(server.port, HOST, Accept_Encoding="br").get(path)
        (server.folder / "static" / "page.html").write_bytes(page.body)
        constant = Path(server.folder) / "constant.json"
        headers = [pair for pair in page.getheaders() if pair[0] not in ("Server", "Date", "Connection")]
        body = b64encode(page.body).decode()
        constant.write_text(json.dumps({"headers": headers, "body": body}))
        with Other(application="benchmarks.constant", CONSTANT=str(constant)) as bare:
            pairs = {
                "nginx": [(nginx.port, path), (nginx.port, "/static/page.html")],
                "gunicorn": [(server.port, path), (bare.port, "/")],
            }
            missed = []
            for name, (kept, fastest) in pairs.items():
                rates: list[tuple[float, float]] = []
                for _round in range(asked.rounds):
                    rates.append((requests_a_second(*kept, asked.seconds), requests_a_second(*fastest, asked.seconds)))
                ours, theirs = (spread(list(rate)) for rate in zip(*rates, strict=True))
                ratio = spread([one / other for one, other in rates])
                print(f"{name}: {told(ours)} of {told(theirs)} a second: {told(ratio)}")
                keep(f"pages-{name}", bytes=len(page.body), rates=rates, ratio=ratio)
                if ratio["median"] < BUDGETS[name]:
                    missed.append(f"{name}: {ratio['median']:g} of the fastest; the budget is {BUDGETS[name]:g}")
    raise SystemExit("\n".join(["Below budget:", *missed]) if missed else 0)


if __name__ == "__main__":
    main()
