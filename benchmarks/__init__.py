"""What the documentation claims, measured. `make bench` runs all of it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pekon.settings")
