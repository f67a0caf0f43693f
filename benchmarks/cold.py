"""Pekon's own WSGI application with a page cache that never finds anything: every request makes its page."""

from pekon.wsgi import application

application.store.get = lambda key: None
