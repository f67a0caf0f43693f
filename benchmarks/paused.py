"""Pekon's own WSGI application, with random pauses between reading and answering, where a race could hide."""

import random
import time

from pekon.wsgi import application

_made = application.application
_rng = random.Random()


def slowly(environ, start_response):
    """A page whose content is read, and whose answer sometimes comes much later."""
    response = _made(environ, start_response)
    if _rng.random() < 0.2:
        time.sleep(_rng.uniform(0, 0.3))
    return response


application.application = slowly
