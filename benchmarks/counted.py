"""Pekon's own WSGI application; every page that Django makes is a line in the file RENDERS: process, path."""

import os
from pathlib import Path

from pekon.wsgi import application

_made = application.application
_lines = Path(os.environ["RENDERS"]).open("a", buffering=1)  # noqa: SIM115  (as long as the process lives)


def counted(environ, start_response):
    _lines.write(f"{os.getpid()} {environ['PATH_INFO']}\n")
    return _made(environ, start_response)


application.application = counted
