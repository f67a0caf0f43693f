"""Pekon's one settings file. Everything that differs between machines comes from the environment.

Without configuration it is a development site: SQLite, DEBUG on, `localhost:8000`. With `DEBUG=false` it is a
production site, and every value that production needs and does not find stops the start and is named.
docs/operators.md lists every variable; a test holds that list against this file.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError

from news import critical_css

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)  # collects what is missing, so that an operator is told everything at once
env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG: bool = env.bool("DEBUG", True)


def development(value: Any) -> dict[str, Any]:
    """The `default=` of a variable that production must be given and development need not."""
    return {"default": value} if DEBUG else {}


# --- What the environment says --------------------------------------------------------------------------------

# Host of the network front page, with its port where that is not the scheme's own; editions are its subdomains.
DOMAIN: str = env.str("DOMAIN", **development("localhost:8000"))
SECRET_KEY: str = env.str("SECRET_KEY", **development("development-only-" + "0" * 40))
# Keys that were SECRET_KEY until a short while ago: what they signed and encrypted stays valid.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [], subcast=str.strip)
SCHEME: str = env.str("SCHEME", "http" if DEBUG else "https")
# What Pekon writes: the embedded database, photos, collected static files.
VAR_DIR: Path = env.path("VAR_DIR", BASE_DIR / "var")
DATABASE: dict[str, Any] = env.dj_db_url(
    "DATABASE_URL", conn_max_age=0, **development(f"sqlite:///{BASE_DIR / 'var' / 'pekon.sqlite3'}")
)
DATABASE_POOL: bool = env.bool("DATABASE_POOL", True)
# Zone for people without a region of their own; every region has its zone.
TIME_ZONE: str = env.str("TIME_ZONE", "Asia/Jakarta")
# How many of our own proxies stand in front. 0 means that forwarded headers are not believed.
TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", 0 if DEBUG else 1)
HSTS_SECONDS: int = env.int("HSTS_SECONDS", 31_536_000)
# The mail server, for invitations and forgotten passwords: submission://user:password@host:587, or console: (the log).
EMAIL: dict[str, Any] = env.dj_email_url("EMAIL_URL", **development("console:"))
MAIL_FROM: str = env.str("MAIL_FROM", "")
# Whether roles that change what readers see are idle until the person has a passkey or an authenticator app.
REQUIRE_SECOND_FACTOR: bool = env.bool("REQUIRE_SECOND_FACTOR", not DEBUG)
INVITATION_DAYS: int = env.int("INVITATION_DAYS", 7)
LIST_LENGTH: int = env.int("LIST_LENGTH", 24)
# Bytes of kept pages in each process, and for how long they are shown while the database is down.
PAGE_CACHE_BYTES: int = env.int("PAGE_CACHE_BYTES", 128 * 2**20)
PAGE_STALE_SECONDS: int = env.int("PAGE_STALE_SECONDS", 3_600)
# A Redis that keeps pages for all processes and machines: redis://host:6379/0. Without it each process keeps its own.
REDIS_URL: str = env.str("REDIS_URL", "")
PHOTO_MAX_BYTES: int = env.int("PHOTO_MAX_BYTES", 30 * 2**20)
PHOTO_MAX_PIXELS: int = env.int("PHOTO_MAX_PIXELS", 60_000_000)
# What the process that opens a photo may use: bytes of memory, and seconds while the person who uploads waits.
PHOTO_MEMORY: int = env.int("PHOTO_MEMORY", 512 * 2**20)
PHOTO_SECONDS: int = env.int("PHOTO_SECONDS", 8)
# Photos lie in VAR_DIR, or in two buckets of an S3-compatible store: name both. Keys may come from the machine's role.
S3_ORIGINALS: str = env.str("S3_ORIGINALS", "")
S3_RENDITIONS: str = env.str("S3_RENDITIONS", "")
S3_ENDPOINT: str = env.str("S3_ENDPOINT", "")
S3_REGION: str = env.str("S3_REGION", "")
S3_KEY: str = env.str("S3_KEY", "")
S3_SECRET: str = env.str("S3_SECRET", "")
# Whether browsers keep what was read, for reading it offline; false also makes them forget what they have kept.
SERVICE_WORKER: bool = env.bool("SERVICE_WORKER", not DEBUG)
# Seconds between two writings of counted reads; 0 writes none.
READS_EVERY: int = env.int("READS_EVERY", 5)
# Whether search engines are told of stories by IndexNow, and the address that passes it on to all of them.
INDEXNOW: bool = env.bool("INDEXNOW", False)
INDEXNOW_URL: str = env.str("INDEXNOW_URL", "https://api.indexnow.org/indexnow")
# A WebSub hub that feeds name and that is told of new stories; empty: none.
WEBSUB_HUB: str = env.str("WEBSUB_HUB", "")
# How often one address may ask the API in a minute, of each process; 0: as often as it likes.
API_PER_MINUTE: int = env.int("API_PER_MINUTE", 120)
LOG_LEVEL: str = env.str("LOG_LEVEL", "INFO")
DEVELOPER_TOOLS: bool = env.bool("DEVELOPER_TOOLS", False)

try:
    env.seal()
except EnvValidationError as error:
    reasons = "; ".join(f"{name}: {' '.join(said)}" for name, said in error.error_messages.items())  # type: ignore[union-attr]
    raise ImproperlyConfigured(
        f"Set these environment variables (docs/operators.md explains each): {reasons}"
    ) from None

if "EMAIL_BACKEND" not in EMAIL:
    raise ImproperlyConfigured("EMAIL_URL begins with submission://, smtp:// or console: (docs/operators.md)")

VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Hosts ----------------------------------------------------------------------------------------------------
NEWSROOM_LABEL = "redaksi"
HOST_NAME = DOMAIN.partition(":")[0]
ALLOWED_HOSTS = [HOST_NAME, f".{HOST_NAME}"]
ROOT_URLCONF = "pekon.urls.readers"
NEWSROOM_URLCONF = "pekon.urls.newsroom"
WSGI_APPLICATION = "pekon.wsgi.application"

# --- Applications ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django_tasks",
    "django_tasks_db",  # before "news", which takes its rows out of the newsroom (news/admin.py)
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
    "taggit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "pekon.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "regions.middleware.HostMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Reader requests pass these by untouched: see pekon/middleware.py.
    "pekon.middleware.NewsroomNeverCacheMiddleware",
    "pekon.middleware.NewsroomSessionMiddleware",
    "pekon.middleware.NewsroomLocaleMiddleware",
    "pekon.middleware.NewsroomCsrfMiddleware",
    "pekon.middleware.NewsroomAuthenticationMiddleware",
    "pekon.middleware.NewsroomLoginRequiredMiddleware",
    "pekon.middleware.NewsroomMessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # wants to be named itself; it touches no reader's request
    "pekon.middleware.NewsroomActivityMiddleware",
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
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits for its turn at the start, never fails half-way
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
    }
else:
    # Seconds, and milliseconds: a machine that has gone is noticed, and does not hold readers for a quarter of an hour.
    DATABASE.setdefault("OPTIONS", {}).update(connect_timeout=5, tcp_user_timeout=10_000)
    if DATABASE_POOL:
        DATABASE["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 5}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts that every process must agree on (wrong passwords) live in the database, which is there whenever log-in is.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "pekon_cache",
        # Beyond this a third of the counts would be dropped: more than strangers can fill in the 15 minutes of a count.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Readers' pages beyond the memory of one process (regions/sharedpages.py).
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
if REDIS_URL:
    CACHES["pages"] = {
        "BACKEND": "regions.redis.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},  # seconds: slower than this is no help
    }

# --- Files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},  # public: renditions only
    "originals": {  # private: under no served address
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "originals", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if S3_ORIGINALS or S3_RENDITIONS:
    if not (S3_ORIGINALS and S3_RENDITIONS) or S3_ORIGINALS == S3_RENDITIONS:
        raise ImproperlyConfigured("Set both S3_ORIGINALS and S3_RENDITIONS, to two buckets (docs/operators.md).")
    from botocore.config import Config  # a tenth of a second, for those who need it

    _S3: dict[str, Any] = {
        "endpoint_url": S3_ENDPOINT or None,
        "region_name": S3_REGION or None,
        "access_key": S3_KEY or None,
        "secret_key": S3_SECRET or None,
        "default_acl": None,  # the bucket's own rules hold; nothing is made public by us
        "file_overwrite": True,  # names are random, so asking first whether one is taken costs a request for nothing
        # An upload that waits for a store that is down goes on without it, and soon.
        "client_config": Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 1}),
    }
    for _name, _bucket in {"default": S3_RENDITIONS, "originals": S3_ORIGINALS}.items():
        STORAGES[_name] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**_S3, "bucket_name": _bucket}}
WHITENOISE_MAX_AGE = 0 if DEBUG else 86_400  # seconds; hashed names are immutable in any case
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20  # bytes of typed text in one post; files have their own limit

# --- Background work: `manage.py db_worker` does what is in the database's queue -----------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Language and time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "pekon" / "locale"]
USE_TZ = True

# --- The newsroom's door --------------------------------------------------------------------------------------
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
# Django looks for its CSRF middleware by name; ours is its subclass, for the newsroom's host (tests/test_headers.py).
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
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
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
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]  # nobody signs up; allauth's checks want them to agree
ACCOUNT_CHANGE_EMAIL = True  # the old address stays until the new one is confirmed
ACCOUNT_EMAIL_VERIFICATION = "none"  # invitations have come by mail
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{HOST_NAME.upper()}] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SCHEME
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_USER_DISPLAY = "regions.accounts.adapter.display_name"
ACCOUNT_RATE_LIMITS = {
    "login": "",  # passwords are counted by the next three, before they are looked at (regions/accounts/adapter.py)
    "password_failed_from_address": "60/15m/ip",
    # By the name as typed, and so at most 20 in all for an account with a user name and an address.
    "password_failed_for_name": "10/15m/key",
    "password_failed_on_device": "10/15m/key",
    "login_failed": "10/15m/key",  # second factors' codes
    "change_password": "10/15m/user",
}
MFA_ADAPTER = "regions.accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "regions.accounts.forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts come from invitations, not from strangers
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://redaksi.localhost, which browsers hold to be secure
MFA_TOTP_ISSUER = HOST_NAME.upper()
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: cheap phones' clocks are off
USERSESSIONS_TRACK_ACTIVITY = True  # shows when; NewsroomActivityMiddleware notes it

# --- Mail -----------------------------------------------------------------------------------------------------
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
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
# The style of the pages that stand alone: 400, 403, 429, 500 and unknown_host.html.
_ALONE = "'sha256-wcP7mLRHBa1/4feTCHFkpwDxzw2akEebuRgOoVxpthQ='"
# Readers' pages are the same for everybody, so they name hashes. A video's player is loaded when a reader asks.
READERS_CONTENT_SECURITY_POLICY = _EVERYWHERE | {
    "frame-src": ["https://www.youtube-nocookie.com"],
    "script-src": [SELF],
    "style-src": [SELF, _ALONE, critical_css.SOURCE],
    "worker-src": [SELF],
}
# The newsroom's are not, so they carry nonces: for the body editor's import map.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": _EVERYWHERE
    | {"script-src": [SELF, NONCE], "style-src": [SELF, _ALONE, critical_css.SOURCE]}  # previews are readers' pages
}

# No page here asks for a sensor, a payment or a screen; passkeys and sharing are left as browsers have them.
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
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # A stranger's Host header or a reader's mistyped address is not our error.
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR"},
    },
}

if DEVELOPER_TOOLS:
    INSTALLED_APPS += ["debug_toolbar", "django_browser_reload"]
    MIDDLEWARE.insert(3, "debug_toolbar.middleware.DebugToolbarMiddleware")
    MIDDLEWARE.append("django_browser_reload.middleware.BrowserReloadMiddleware")
    INTERNAL_IPS = ["127.0.0.1"]
