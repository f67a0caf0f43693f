"""Settings for tests: the project's own, as in production, with what a test must not have or cannot wait for."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop running
os.environ["DEBUG"] = "false"
os.environ["SCHEME"] = "http"
os.environ["DOMAIN"] = "pekon.web.id"
os.environ["SECRET_KEY"] = "tests-only-" + "x" * 50
os.environ["EMAIL_URL"] = "console:"
os.environ["REQUIRE_SECOND_FACTOR"] = "false"  # its own tests turn it on
os.environ["TRUSTED_PROXY_COUNT"] = "0"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="pekon-tests-")
atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
os.environ["READS_EVERY"] = "0"  # no thread: tests write what was counted themselves
os.environ["PHOTO_SECONDS"] = "60"  # a busy machine must refuse no photo; the limit's own test sets one
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from pekon.settings import *  # noqa: E402, F403

DATABASE["OPTIONS"].pop("pool", None)  # noqa: F405  (it would keep the test database from being dropped)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING["loggers"]["django.request"]["level"] = "CRITICAL"  # noqa: F405
STATIC_ROOT.mkdir(parents=True)  # noqa: F405  (WhiteNoise warns where it is missing)
