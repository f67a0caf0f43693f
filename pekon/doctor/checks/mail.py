"""The mail server: it is connected to, greeted and logged in to. A mail is sent only to an address that is given."""

from collections.abc import Iterator
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from pekon.doctor.registry import Finding, Options, check, fail, ok, warn


@check("mail")
def mail_server(options: Options) -> Iterator[Finding]:
    if not settings.MAIL_SENDING_BACKEND.endswith("smtp.EmailBackend"):
        yield warn(
            "mail goes to the log and not to people",
            "Set EMAIL_URL=submission://user:password@host:587, so that invitations and new passwords arrive.",
        )
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    sender = get_connection(settings.MAIL_SENDING_BACKEND)
    try:
        sender.open()
        if options.mail_to:
            text = "This mail was sent by manage.py doctor --mail. Nothing needs to be done."
            sender.send_messages([EmailMessage("Pekon: a trial mail", text, None, [options.mail_to])])
    except (OSError, SMTPException) as error:
        yield fail(
            f"{server}: {type(error).__name__}: {error}",
            "Compare EMAIL_URL with what your mail provider says: host, port, user, password "
            "(submission:// is TLS after greeting, port 587; smtp+ssl:// is TLS at once, port 465).",
        )
        return
    finally:
        sender.close()
    logged_in = "logged in" if settings.EMAIL_HOST_USER else "greeted, without a log-in"
    yield ok(f"{server}: {logged_in}{f', a mail was sent to {options.mail_to}' if options.mail_to else ''}")
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL) and settings.EMAIL_HOST not in ("localhost", "127.0.0.1"):
        yield warn(f"{server}: without TLS", "Use submission:// or smtp+ssl://: mails hold links that set passwords.")
