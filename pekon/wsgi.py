"""The WSGI entry point: `gunicorn -c deploy/gunicorn.conf.py pekon.wsgi`. The page cache is in front of Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pekon.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from pekon import request_log  # noqa: E402  (needs the settings)
from pekon.pagecache.wsgi import Application, PageCache  # noqa: E402

# Without the page cache for developers, because the debug toolbar on a page is about that one request.
application: Application = django_application if settings.DEVELOPER_TOOLS else PageCache(django_application)
if request_log.is_needed():
    application = request_log.RequestLog(application)
