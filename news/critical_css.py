"""The style of a page's first screen, as it stands inline in every reader's page; the policy names its hash.

Read once, when the process starts.
"""

import base64
import hashlib
from pathlib import Path

import rcssmin

TEXT: str = rcssmin.cssmin((Path(__file__).parents[1] / "static" / "css" / "critical.css").read_text("utf-8"))
SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(TEXT.encode()).digest()).decode()}'"
"""As Content-Security-Policy writes it."""
