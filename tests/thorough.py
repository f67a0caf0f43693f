"""How much is tried: what takes longer than `make test` may is tried with `THOROUGH=1` (`make check-newsroom`)."""

import os

THOROUGH = os.environ.get("THOROUGH") == "1"
