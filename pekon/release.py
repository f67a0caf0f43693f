"""Which release of Pekon this is. The version number stands in pyproject.toml alone."""

import tomllib
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
_name = _ROOT / "RELEASE"
RELEASE = _name.read_text("utf-8").strip() if _name.exists() else VERSION
"""The name of the installed release's folder (deploy/release.sh): the version, and between two versions its commit."""
