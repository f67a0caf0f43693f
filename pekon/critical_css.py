"""The style of a page's first screen, which is inline in every reader's page, and its hash for the security policy.

It is read once, when the process starts.
"""

import base64
import hashlib
from pathlib import Path

import rcssmin

TEXT: str = rcssmin.cssmin((Path(__file__).parent.parent / "static" / "css" / "critical.css").read_text("utf-8"))
SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(TEXT.encode()).digest()).decode()}'"
"""The hash as a source in a Content-Security-Policy."""
