"""Pekon's one settings file. Everything that differs between machines comes from the environment.

Without configuration this is a development site: SQLite, DEBUG on, `localhost:8000`. With `DEBUG=false` it is a
production site, and does not start until all required values are set; the error names the missing ones.
docs/operate.md lists every variable; a test compares that list with this file.
"""

import multiprocessing
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any, cast

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, ValidationError, validate

from . import critical_css, private_files

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)  # collects all errors, so that an operator sees them at once
env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG: bool = env.bool("DEBUG", True)


def development(value: Any) -> dict[str, Any]:
    """The `default=` of a variable that is required in production and optional in development."""
    return {"default": value} if DEBUG else {}


def _are_networks(texts: list[str]) -> None:
    for text in texts:
        try:
            ip_network(text)
        except ValueError:
            raise ValidationError(f"Write networks like 10.0.0.0/24,fd00::/64, and not {text!r}.") from None


def _is_bind(text: str) -> None:
    if text and not re.fullmatch(r".+:\d{1,5}", text):
        raise ValidationError("Write an address and a port, like 127.0.0.1:9101.")


def _is_dsn(text: str) -> None:
    if text and not re.fullmatch(r"https?://[^@/\s]+@[^@/\s]+/\S+", text):
        raise ValidationError("Write the DSN that the service shows, like https://key@host/1.")


# --- Environment variables ------------------------------------------------------------------------------------

# Host of the network's front page, with a port if it is not the scheme's default. Editions are its subdomains.
DOMAIN: str = env.str("DOMAIN", **development("localhost:8000"))
SECRET_KEY: str = env.str("SECRET_KEY", **development("development-only-" + "0" * 40))
# Former values of SECRET_KEY: what was signed or encrypted with them stays valid.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [], subcast=str.strip)
SCHEME: str = env.str("SCHEME", "http" if DEBUG else "https", validate=validate.OneOf(["http", "https"]))
# Folder for everything that Pekon writes: the SQLite database, photos, collected static files.
VAR_DIR: Path = env.path("VAR_DIR", BASE_DIR / "var")
DATABASE: dict[str, Any] = env.dj_db_url(
    "DATABASE_URL", conn_max_age=0, **development(f"sqlite:///{BASE_DIR / 'var' / 'pekon.sqlite3'}")
)
# A streaming replica of that database, from which readers' pages are made while it has all changes; empty for none.
REPLICA_URL: str = env.str("REPLICA_URL", "")
DATABASE_POOL: bool = env.bool("DATABASE_POOL", True)
# Time zone for people without a region. Every region has its own.
TIME_ZONE: str = env.str("TIME_ZONE", "Asia/Jakarta")
# Number of our own proxies in front. With 0, forwarded headers are not trusted.
TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", 0 if DEBUG else 1, validate=validate.Range(min=0))
HSTS_SECONDS: int = env.int("HSTS_SECONDS", 31_536_000)
# The mail server, for invitations and forgotten passwords: submission://user:password@host:587, or console: (the log).
EMAIL: dict[str, Any] = env.dj_email_url("EMAIL_URL", **development("console:"))
MAIL_FROM: str = env.str("MAIL_FROM", "")
# Whether roles that change what readers see have no effect until the person has a passkey or an authenticator app.
REQUIRE_SECOND_FACTOR: bool = env.bool("REQUIRE_SECOND_FACTOR", not DEBUG)
INVITATION_DAYS: int = env.int("INVITATION_DAYS", 7)
# Days after which working copies that the stored story has overtaken, or that were thrown away, are pruned.
WORKING_COPY_DAYS: int = env.int("WORKING_COPY_DAYS", 30)
LIST_LENGTH: int = env.int("LIST_LENGTH", 24)
# Hours without a story, between 06 and 22, from which on the schedule names a gap.
SCHEDULE_GAP_HOURS: int = env.int("SCHEDULE_GAP_HOURS", 4)
# Days for which a story that was thrown away can be brought back (news.publishing.binned).
BIN_DAYS: int = env.int("BIN_DAYS", 30)
# Days for which versions that readers never saw are kept (news.publishing.versions.prune).
VERSION_DAYS: int = env.int("VERSION_DAYS", 365)
# Bytes of stored pages in each process, and the seconds for which they are shown while the database is down.
PAGE_CACHE_BYTES: int = env.int("PAGE_CACHE_BYTES", 128 * 2**20)
PAGE_STALE_SECONDS: int = env.int("PAGE_STALE_SECONDS", 3_600)
# Redis that stores pages for all processes and machines: redis://host:6379/0. Without it, each process stores its own.
REDIS_URL: str = env.str("REDIS_URL", "")
PHOTO_MAX_BYTES: int = env.int("PHOTO_MAX_BYTES", 30 * 2**20)
PHOTO_MAX_PIXELS: int = env.int("PHOTO_MAX_PIXELS", 60_000_000)
# Limits of the process that decodes a photo: bytes of memory, and seconds while the person who uploads waits.
PHOTO_MEMORY: int = env.int("PHOTO_MEMORY", 512 * 2**20)
PHOTO_SECONDS: int = env.int("PHOTO_SECONDS", 8)
# Photos are stored in VAR_DIR, or in two buckets of an S3-compatible store. The keys may come from the machine's role.
S3_ORIGINALS: str = env.str("S3_ORIGINALS", "")
S3_RENDITIONS: str = env.str("S3_RENDITIONS", "")
S3_ENDPOINT: str = env.str("S3_ENDPOINT", "")
S3_REGION: str = env.str("S3_REGION", "")
S3_KEY: str = env.str("S3_KEY", "")
S3_SECRET: str = env.str("S3_SECRET", "")
# Where backups are made: folders or s3://bucket/prefix. Tombstones are written there at once (pekon.tombstones).
BACKUP_TO: list[str] = env.list("BACKUP_TO", [], subcast=str.strip)
# An age key, or the file that holds it: what backups are encrypted with, and read with if it is a secret one.
BACKUP_KEY: str = env.str("BACKUP_KEY", "")
# The store of s3:// targets, by default that of the photos.
BACKUP_S3_ENDPOINT: str = env.str("BACKUP_S3_ENDPOINT", S3_ENDPOINT)
BACKUP_S3_REGION: str = env.str("BACKUP_S3_REGION", S3_REGION)
BACKUP_S3_KEY: str = env.str("BACKUP_S3_KEY", S3_KEY)
BACKUP_S3_SECRET: str = env.str("BACKUP_S3_SECRET", S3_SECRET)
# Whether browsers store pages for reading offline. With false, they also delete what they have stored.
SERVICE_WORKER: bool = env.bool("SERVICE_WORKER", not DEBUG)
# Seconds between two writes of counted reads. With 0, reads are not written.
READS_EVERY: int = env.int("READS_EVERY", 5)
# Whether search engines are notified of articles by IndexNow, and the address of the service that does so.
INDEXNOW: bool = env.bool("INDEXNOW", False)
INDEXNOW_URL: str = env.str("INDEXNOW_URL", "https://api.indexnow.org/indexnow")
# The WebSub hub that is named in feeds and notified of new articles; empty for none.
WEBSUB_HUB: str = env.str("WEBSUB_HUB", "")
# Web push of notices to the newsroom's devices: the server's key (base64url), and mailto: or https: where push services
# reach its operator. Off unless both are set.
VAPID_PRIVATE_KEY: str = env.str("VAPID_PRIVATE_KEY", "")
VAPID_CONTACT: str = env.str("VAPID_CONTACT", "")
# Days for which notices are kept (manage.py prune_notices).
NOTICE_DAYS: int = env.int("NOTICE_DAYS", 90)
# gunicorn's address and processes (deploy/gunicorn.conf.py), how many gunicorns a machine runs, on how many machines,
# and how many background workers there are on all of them: manage.py doctor compares these with the database's
# connections.
BIND: str = env.str("BIND", "127.0.0.1:8000")
WORKERS: int = env.int("WORKERS", min(multiprocessing.cpu_count(), 4), validate=validate.Range(min=1))
GUNICORNS: int = env.int("GUNICORNS", 1, validate=validate.Range(min=1))
WEB_MACHINES: int = env.int("WEB_MACHINES", 1, validate=validate.Range(min=1))
BACKGROUND_WORKERS: int = env.int("BACKGROUND_WORKERS", 1, validate=validate.Range(min=0))
# Networks whose machines may ask /-/live and /-/ready (pekon/pagecache/health.py).
_HEALTH_NETWORKS: list[str] = env.list(
    "HEALTH_NETWORKS", ["127.0.0.0/8", "::1/128"], subcast=str.strip, validate=_are_networks
)
# Where numbers for Prometheus are told: by gunicorn's master and by the background worker. Nothing is counted without.
METRICS_BIND: str = env.str("METRICS_BIND", "", validate=_is_bind)
WORKER_METRICS_BIND: str = env.str("WORKER_METRICS_BIND", "", validate=_is_bind)
LOG_FORMAT: str = env.str("LOG_FORMAT", "text", validate=validate.OneOf(["text", "json"]))
# Whether each answer is a line in the log, those from the page cache too.
ACCESS_LOG: bool = env.bool("ACCESS_LOG", False)
# Where errors are reported to, in Sentry's protocol; nowhere if empty.
SENTRY_DSN: str = env.str("SENTRY_DSN", "", validate=_is_dsn)
LOG_LEVEL: str = env.str(
    "LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
)
DEVELOPER_TOOLS: bool = env.bool("DEVELOPER_TOOLS", False)

try:
    env.seal()
except EnvValidationError as error:
    errors = cast("dict[str, list[str]]", error.error_messages)
    reasons = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in errors.items())
    raise ImproperlyConfigured(f"Set these environment variables (docs/operate.md explains each): {reasons}") from None

if "EMAIL_BACKEND" not in EMAIL:
    raise ImproperlyConfigured("EMAIL_URL begins with submission://, smtp:// or console: (docs/operate.md)")

# Django's own minimum (security.W009), which is only a warning there.
SECRET_KEY_LENGTH = 50
if not DEBUG and (len(SECRET_KEY) < SECRET_KEY_LENGTH or len(set(SECRET_KEY)) < 5):
    raise ImproperlyConfigured(
        f"SECRET_KEY is too easy to guess: it needs {SECRET_KEY_LENGTH} random characters or more (docs/operate.md)"
    )

HEALTH_NETWORKS = [ip_network(text) for text in _HEALTH_NETWORKS]

private_files.protect(VAR_DIR, DATABASE)

# --- Hosts ----------------------------------------------------------------------------------------------------
NEWSROOM_LABEL = "redaksi"
HOST_NAME = DOMAIN.partition(":")[0]
ALLOWED_HOSTS = [HOST_NAME, f".{HOST_NAME}"]
ROOT_URLCONF = "pekon.urls.readers"
NEWSROOM_URLCONF = "pekon.urls.newsroom"
WSGI_APPLICATION = "pekon.wsgi.application"

# --- Applications ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "pekon.doctor",
    "pekon.background",  # before "django_tasks_db", whose db_worker command it replaces
    "pekon.backup",
    "pekon.tombstones",
    "django_tasks",
    "django_tasks_db",  # before "news", which unregisters its ModelAdmin (news/admin.py)
    "taggit",  # before "news", for the same reason
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "news",
    "news.images",
    "news.adverts",
    "news.search",
    "news.popularity",
    "regions",
    "news.newsroom.apps.NewsroomConfig",  # Django's admin, with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "adminsortable2",
    "django_prose_editor",
    "reversion",
]
# How django-reversion writes an article: with its bylines, tags, gallery and shares.
SERIALIZATION_MODULES = {"article": "news.publishing.version_format"}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "pekon.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "regions.middleware.HostMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # These skip readers' requests (pekon/middleware.py).
    "pekon.middleware.NewsroomGZipMiddleware",
    "pekon.middleware.NewsroomNeverCacheMiddleware",
    "pekon.middleware.NewsroomSessionMiddleware",
    "pekon.middleware.NewsroomLocaleMiddleware",
    "pekon.middleware.NewsroomCsrfMiddleware",
    "pekon.middleware.NewsroomAuthenticationMiddleware",
    "news.newsroom.middleware.NewsroomReadOnlyMiddleware",
    "news.newsroom.middleware.NewsroomLoginRequiredMiddleware",
    "pekon.middleware.NewsroomMessageMiddleware",
    # Allauth requires this class itself; it has no effect on readers' requests.
    "allauth.account.middleware.AccountMiddleware",
    "news.newsroom.middleware.NewsroomActivityMiddleware",
    "pekon.middleware.NewsroomSecretsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "news.newsroom.navigation.context",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [BASE_DIR / "templates" / "readers"],
        "OPTIONS": {"environment": "pekon.jinja.environment"},
    },
]

# --- Database -------------------------------------------------------------------------------------------------
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["OPTIONS"] = {
        # Writers wait at the beginning of a transaction instead of failing in the middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
    }
DATABASES = {"default": DATABASE}
if REPLICA_URL:
    if not (DATABASE["ENGINE"].endswith("postgresql") and REPLICA_URL.startswith("postgres")):
        raise ImproperlyConfigured("REPLICA_URL names a replica of a PostgreSQL database (docs/operate.md)")
    DATABASES["replica"] = cast("dict[str, Any]", dj_database_url.parse(REPLICA_URL, conn_max_age=0))
    DATABASE_ROUTERS = ["regions.generations.replica.ReadersRouter"]
for _database in DATABASES.values():
    if not _database["ENGINE"].endswith("postgresql"):
        continue
    # Seconds and milliseconds. Without them, an unreachable database server would block readers for a quarter of an
    # hour.
    _database.setdefault("OPTIONS", {}).update(connect_timeout=5, tcp_user_timeout=10_000)
    if DATABASE_POOL:
        _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 2, "reconnect_timeout": 5}
        # Queries that ask for it are planned once for each connection (news/readers/compiled_queries.py). All others
        # are sent whole, and planned each time. Not without the pool: a transaction pooler may be what takes its place.
        _database["OPTIONS"]["prepare_threshold"] = 0
        _GENERIC_PLANS = "-c plan_cache_mode=force_generic_plan"
        _database["OPTIONS"]["options"] = f"{_database['OPTIONS'].get('options', '')} {_GENERIC_PLANS}".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts that all processes share (wrong passwords) are in the database, which log-in needs in any case.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "pekon_cache",
        # A full cache would drop a third of the counts. Strangers cannot reach this number within a count's 15 minutes.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Readers' pages, shared between processes (pekon/pagecache/redis_storage.py).
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
if REDIS_URL:
    CACHES["pages"] = {
        "BACKEND": "pekon.pagecache.redis_storage.FailSafeRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "serializer": "pekon.pagecache.redis_storage.PlainSerializer",
            "socket_connect_timeout": 0.2,  # seconds: a slower Redis is of no use
            "socket_timeout": 0.2,
        },
    }

# --- Files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"


def _private(folder: str) -> dict[str, Any]:
    """A storage in VAR_DIR that is not served and that only Pekon's user can read."""
    return {
        "BACKEND": "news.images.storage.PrivateFileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / folder,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},  # public: renditions only
    "originals": _private("originals"),
    "tombstones": _private("tombstones"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "pekon.static_files.StaticFilesStorage"
    },
}
if S3_ORIGINALS or S3_RENDITIONS:
    if not (S3_ORIGINALS and S3_RENDITIONS) or S3_ORIGINALS == S3_RENDITIONS:
        raise ImproperlyConfigured("Set both S3_ORIGINALS and S3_RENDITIONS, to two buckets (docs/operate.md).")
    from botocore.config import Config  # imported only if needed, because it takes 100 ms

    _S3: dict[str, Any] = {
        "endpoint_url": S3_ENDPOINT or None,
        "region_name": S3_REGION or None,
        "access_key": S3_KEY or None,
        "secret_key": S3_SECRET or None,
        "default_acl": None,  # the bucket's own rules apply; Pekon makes nothing public
        "file_overwrite": True,  # saves a request: names are random, so they need not be checked
        # Short timeouts, because an upload can do without a store that is down.
        "client_config": Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 1}),
    }
    for _name, _bucket in {"default": S3_RENDITIONS, "originals": S3_ORIGINALS}.items():
        STORAGES[_name] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**_S3, "bucket_name": _bucket}}
    STORAGES["tombstones"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {**_S3, "bucket_name": S3_ORIGINALS, "location": "tombstones"},
    }
WHITENOISE_MAX_AGE = 0 if DEBUG else 86_400  # seconds, for files without a hash in their names
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o644, 0o755  # renditions and static files, for the proxy
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "news.images.upload_handlers.DiskUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20  # bytes of typed text in one post; files have their own limit

# --- Background work: `manage.py db_worker` runs the tasks in the database's queue ---------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Language and time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "pekon" / "locale"]
USE_TZ = True

# --- Cookies and security of the newsroom ---------------------------------------------------------------------
HTTPS = SCHEME == "https"
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}redaksi"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}redaksi-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}redaksi-language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [f"{SCHEME}://{NEWSROOM_LABEL}.{DOMAIN}"]
# Django looks for its CSRF middleware by name. Ours is a subclass for the newsroom's host (tests/test_headers.py).
SILENCED_SYSTEM_CHECKS = ["security.W003"]
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}redaksi-device"
DEVICE_COOKIE_AGE = 180 * 86_400  # seconds
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = HSTS_SECONDS if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # needs no cookie of its own
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# --- Log-in, by django-allauth (regions/accounts has what Pekon adds) --------------------------------------------
AUTHENTICATION_BACKENDS = ["regions.accounts.backend.NewsroomBackend"]
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ACCOUNT_ADAPTER = "regions.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "regions.accounts.forms.NewsroomLoginForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]  # nobody can sign up, but allauth's checks require it
ACCOUNT_CHANGE_EMAIL = True  # the old address stays until the new one is confirmed
ACCOUNT_EMAIL_VERIFICATION = "none"  # invitations are sent by mail, which verifies addresses
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{HOST_NAME.upper()}] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SCHEME
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_USER_DISPLAY = "regions.people.display_name"
ACCOUNT_RATE_LIMITS = {
    "login": "",  # replaced by the next three, which count attempts before checking (regions/accounts/adapter.py)
    "password_failed_from_address": "60/15m/ip",
    # By the name as typed, so an account with a user name and an address allows 20 in all.
    "password_failed_for_name": "10/15m/key",
    "password_failed_on_device": "10/15m/key",
    "login_failed": "10/15m/key",  # codes of second factors
    "change_password": "10/15m/user",
}
MFA_ADAPTER = "regions.accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "regions.accounts.forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are created only by invitation
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://redaksi.localhost, which browsers treat as secure
MFA_TOTP_ISSUER = HOST_NAME.upper()
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds, because the clocks of cheap phones are inaccurate
USERSESSIONS_TRACK_ACTIVITY = True  # shows when a session was last used, which NewsroomActivityMiddleware records

# --- Mail -----------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "pekon.background.mail.BackgroundBackend"  # sent by the worker, with retries
MAIL_SENDING_BACKEND: str = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL["EMAIL_USE_TLS"], EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM or f"{NEWSROOM_LABEL}@{HOST_NAME}"

# --- What pages may load: this host's own files, and no inline script or style ------------------------------------
_EVERYWHERE = {
    "default-src": [NONE],
    "base-uri": [NONE],
    "connect-src": [SELF],
    "font-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "img-src": [SELF, "data:"],
    "manifest-src": [SELF],
}
# The inline style of the first screen of readers' pages.
CRITICAL_CSS: str = critical_css.TEXT
# The inline style of the pages without style sheets: 400, 403, 429, 500 and unknown_host.html.
_ALONE = "'sha256-wcP7mLRHBa1/4feTCHFkpwDxzw2akEebuRgOoVxpthQ='"
# Readers' pages are cached for everybody, so the policy has hashes. A video's player is loaded when a reader clicks.
READERS_CONTENT_SECURITY_POLICY = _EVERYWHERE | {
    "frame-src": ["https://www.youtube-nocookie.com"],
    "script-src": [SELF],
    "style-src": [SELF, _ALONE, critical_css.SOURCE],
    "worker-src": [SELF],
}
# The newsroom's pages are not cached, so they can have nonces, which the body editor's import map needs.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": _EVERYWHERE
    | {"script-src": [SELF, NONCE], "style-src": [SELF, _ALONE, critical_css.SOURCE]}  # previews are readers' pages
}

# No page needs sensors, payments or screen capture. Passkeys and sharing keep the browsers' defaults.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope magnetometer microphone "
        "midi payment usb xr-spatial-tracking"
    ).split()
}

# --- Tags -----------------------------------------------------------------------------------------------------
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# --- Logs -----------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "pekon.logs.formatter", "style": LOG_FORMAT},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # An invalid Host header or a mistyped address is no error of ours.
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR"},
    },
}

if SENTRY_DSN:
    import tomllib

    from . import error_reports  # imported only if needed, because it takes half a second

    _version = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    error_reports.start(SENTRY_DSN, release=f"pekon@{_version}", environment=DOMAIN)

if DEVELOPER_TOOLS:
    INSTALLED_APPS += ["debug_toolbar", "django_browser_reload"]
    MIDDLEWARE.insert(3, "debug_toolbar.middleware.DebugToolbarMiddleware")
    MIDDLEWARE.append("django_browser_reload.middleware.BrowserReloadMiddleware")
    INTERNAL_IPS = ["127.0.0.1"]
