"""Mails what people have not read: one digest an hour at most for each person, of the kinds that they chose.

A digest is queued (pekon.background.mail) in the transaction that marks its notices as mailed. So a process that is
killed in between has done neither, and nothing is lost; and a mail can only come twice where the mail queue says so: if
its worker is killed after the mail server has taken it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django_tasks import task

from news.models import Notice, NoticeChoices

from . import notice_reading

INTERVAL = timedelta(hours=1)
"""Between two mails to one person."""
PATIENCE = timedelta(minutes=5)
"""What is read in the newsroom within this time is not mailed, and what happens within it comes in one mail."""
LONGEST = 30
"""Notices in one mail. The others are counted."""


def send_soon() -> None:
    """Have mail sent in a while. Call it in the transaction that writes a notice that is to be mailed."""
    send_due.using(run_after=timezone.now() + PATIENCE).enqueue()


@task()
def send_due() -> None:
    """Mail whoever has waited long enough, and come again for those who got a mail within the last hour."""
    if later := deliver(timezone.now())[1]:
        send_due.using(run_after=later).enqueue()


def deliver(now: datetime) -> tuple[int, datetime | None]:
    """Mail everybody who is due at `now`. Returns how many mails were queued, and when the next person is due who is
    not yet."""
    waiting = Notice.objects.filter(is_to_mail=True).order_by().values("person")
    sent, later = 0, None
    for person in User.objects.filter(pk__in=waiting).order_by("pk"):
        is_sent, due_at = _deliver_to(person, now)
        sent += is_sent
        later = min(filter(None, (later, due_at)), default=None)
    return sent, later


@transaction.atomic
def _deliver_to(person: User, now: datetime) -> tuple[bool, datetime | None]:
    """Mail the person, unless they got a mail within the last hour or there is nothing that they may still read.
    Returns whether a mail was queued, and when the person is due, if that is later."""
    NoticeChoices.objects.get_or_create(person=person)
    choices = NoticeChoices.objects.select_for_update().get(person=person)
    if choices.mailed_at and now < choices.mailed_at + INTERVAL:
        return False, choices.mailed_at + INTERVAL
    # By their keys: what is committed from now on waits for the next mail.
    waiting = list(Notice.objects.filter(person=person, is_to_mail=True).values_list("pk", flat=True))
    notices = list(notice_reading.with_words(notice_reading.shown_to(person)).filter(pk__in=waiting))
    Notice.objects.filter(pk__in=waiting).update(is_to_mail=False)
    if not notices or not person.email:
        return False, None
    choices.mailed_at = now
    choices.save(update_fields=["mailed_at"])
    with notice_reading.language_of(choices.language):
        _digest(person, notices).send()
    return True, None


def _digest(person: User, notices: list[Notice]) -> EmailMultiAlternatives:
    """The mail, in the active language."""
    newsroom = f"{settings.SCHEME}://{settings.NEWSROOM_LABEL}.{settings.DOMAIN}"
    urls = settings.NEWSROOM_URLCONF
    context = {
        "person": person,
        "rows": [
            {
                "notice": notice,
                "words": notice_reading.words(notice),
                "extract": notice_reading.extract(notice),
                "link": newsroom + reverse("admin:notice", args=[notice.pk], urlconf=urls),
            }
            for notice in notices[:LONGEST]
        ],
        "more": len(notices[LONGEST:]),
        "all": newsroom + reverse("admin:notices", urlconf=urls),
        "choices": newsroom + reverse("notice_choices", urlconf=urls),
    }
    count = ngettext("%(count)s notice from the newsroom", "%(count)s notices from the newsroom", len(notices))
    subject = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + count % {"count": len(notices)}
    mail = EmailMultiAlternatives(subject, render_to_string("news/mail/notices.txt", context), to=[person.email])
    mail.attach_alternative(render_to_string("news/mail/notices.html", context), "text/html")
    return mail
