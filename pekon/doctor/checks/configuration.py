"""Settings: Django's system checks, those for production included, and the collected static files."""

from collections.abc import Iterator

from django.conf import settings
from django.core import checks

from pekon.doctor.registry import Finding, Options, check, fail, ok, warn
from pekon.static_files import StaticFilesStorage


@check("settings")
def system_checks(options: Options) -> Iterator[Finding]:
    messages = [message for message in checks.run_checks(include_deployment_checks=True) if not message.is_silenced()]
    for message in messages:
        make = fail if message.is_serious() else warn
        yield make(f"{message.id}: {message.msg}", message.hint or "See docs/operate.md, Settings.")
    if settings.DEBUG:
        yield fail("DEBUG is true", "Set DEBUG=false: with it, errors show settings and code to everybody.")
    if not messages and not settings.DEBUG:
        yield ok("check --deploy is silent")


@check("static")
def static_files(options: Options) -> Iterator[Finding]:
    manifest = settings.STATIC_ROOT / StaticFilesStorage.manifest_name
    if settings.DEBUG or manifest.exists():
        yield ok("static files are collected")
    else:
        yield fail(f"{manifest} is missing", "Run manage.py collectstatic --noinput, then reload gunicorn.")
