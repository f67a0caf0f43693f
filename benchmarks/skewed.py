"""Pekon's own WSGI application on a machine whose clock is wrong by SKEW seconds.

By time-machine and not by libfaketime: that also shifts the clock by which Python's threads wait, who
then never wake.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(os.environ["SKEW"])), tick=True).start()

from pekon.wsgi import application  # noqa: E402

__all__ = ["application"]
