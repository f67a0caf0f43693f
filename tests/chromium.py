"""The Chromium that tests and checks drive."""

import os
import shutil
from typing import Any


def path() -> str | None:
    """Where the machine has it; Debian's package is named chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def flags() -> list[str]:
    """It asks nobody on the network for anything; as root it has no sandbox."""
    quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    return quiet + (["--no-sandbox"] if os.geteuid() == 0 else [])


def launch_options() -> dict[str, Any]:
    """For Playwright's `launch()`."""
    return {"executable_path": path(), "args": flags()}
