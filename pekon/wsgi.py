"""The WSGI entry point: `gunicorn -c deploy/gunicorn.conf.py pekon.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pekon.settings")
application = get_wsgi_application()
