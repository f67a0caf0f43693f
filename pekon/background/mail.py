"""Sends mail from the background worker, which retries for some hours, so that no page waits for a mail server.

Mails contain secrets (links that reset a password or accept an invitation). So they are encrypted in the queue, and the
log contains neither their texts nor their addresses.
"""

import json
import logging
from collections.abc import Sequence
from smtplib import SMTPException, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django_tasks import task

from regions import encryption

from . import retries

log = logging.getLogger(__name__)
_PURPOSE = "mail"
_FIELDS = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "extra_headers")


class BackgroundBackend(BaseEmailBackend):
    """The EMAIL_BACKEND: queues mail in the request's transaction. MAIL_SENDING_BACKEND sends it later."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages. Raises ValueError for attachments, which are not supported."""
        messages = [message for message in email_messages if message.recipients()]
        for message in messages:
            send.enqueue(encryption.encrypt(_PURPOSE, json.dumps(_write(message))))
        return len(messages)


@task()
def send(encrypted: str, attempt: int = 0) -> None:
    """Send one mail, or try again later. If a worker is killed after sending, the mail is sent twice."""
    message = _read(json.loads(encryption.decrypt(_PURPOSE, encrypted)))
    try:
        get_connection(settings.MAIL_SENDING_BACKEND).send_messages([message])
    except (OSError, SMTPException) as error:
        if _is_final(error) or not retries.again(send, encrypted, attempt=attempt):
            log.error("A mail could not be sent and is given up: %s", _describe(error))
            raise MailNotSent(_describe(error)) from None
        log.warning("A mail could not be sent and is tried again: %s", _describe(error))


class MailNotSent(retries.GivenUp):
    """The mail was given up. The message contains no address or text, because administrators see failed tasks."""


def _is_final(error: Exception) -> bool:
    """Whether retrying is pointless: SMTP codes that begin with 5 are permanent (RFC 5321, section 4.2.1), except a
    wrong password (535), which an operator can correct."""
    return isinstance(error, SMTPResponseException) and 500 <= error.smtp_code < 600 and error.smtp_code != 535


def _describe(error: Exception) -> str:
    """The error's class and number, without the server's message, which may contain an address."""
    number = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {number}" if number else type(error).__name__


def _write(message: EmailMessage) -> dict[str, Any]:
    if message.attachments:
        raise ValueError("Mail in the background has no attachments")
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    written = {name: getattr(message, name) for name in _FIELDS}
    return {**written, "alternatives": [[str(part[0]), str(part[1])] for part in alternatives]}


def _read(written: dict[str, Any]) -> EmailMultiAlternatives:
    headers = written["extra_headers"]
    fields = {name: written[name] for name in _FIELDS if name != "extra_headers"}
    message = EmailMultiAlternatives(**fields, headers=headers)
    for content, mimetype in written["alternatives"]:
        message.attach_alternative(content, mimetype)
    return message
