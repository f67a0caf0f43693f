"""A bare WSGI function that returns the bytes and headers of the file that CONSTANT names (JSON), and nothing else."""

import json
import os
from base64 import b64decode
from pathlib import Path

_said = json.loads(Path(os.environ["CONSTANT"]).read_text())
HEADERS = [(name, value) for name, value in _said["headers"]]
BODY = b64decode(_said["body"])


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
