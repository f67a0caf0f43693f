"""The format of Pekon's and gunicorn's log lines, with the time in UTC to the millisecond."""

import logging
import time

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class UTCFormatter(logging.Formatter):
    """Writes times in UTC, because Django sets each process's zone to TIME_ZONE, and servers are in several zones."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"
