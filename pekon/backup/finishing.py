"""Makes a restored database ready: `python -m pekon.backup.finishing`, with the database as DATABASE_URL.

It brings the tables up to this release, applies the tombstones (texts in a JSON list on standard input), ends sessions
and forgets messages that were waiting, has renditions made whose files are not there, and bumps all generations. It
prints what it did as JSON. Doing it twice does no harm.
"""

import json
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pekon.settings")
    django.setup()

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import Q
from django.db.models.functions import Now
from django_tasks_db.models import DBTaskResult

from news.images import cleanup, renditions
from news.models import Notice
from news.publishing import indexing_pings, notice_mail, web_push
from pekon.background import mail
from pekon.backup import restoring
from pekon.tombstones import texts
from regions import generations
from regions.models import Region


def finish(contents: list[str]) -> dict[str, int]:
    """`contents` are the texts of tombstones. Returns what was done, in numbers."""
    call_command("migrate", verbosity=0, interactive=False)
    forgotten = _forget_messages()
    again = restoring.apply([texts.parse(content)[0] for content in contents])
    UserSession.objects.all().delete()
    ended, _models = Session.objects.all().delete()
    photos = cleanup.forget_lost_renditions(even_all=True)
    if photos:
        renditions.make_missing.enqueue()
    generations.bump([generations.EVERYWHERE, *Region.objects.values_list("pk", flat=True)])
    return {"again": again, "sessions": ended, "mails": forgotten, "photos": photos}


def _forget_messages() -> int:
    """Forget what was being sent at the time of the backup: people have it by now, or it is of no use any more. Stories
    that are still to come will be announced. Returns how many tasks were forgotten."""
    tasks = DBTaskResult.objects.filter(status__in=("READY", "RUNNING"))
    to_people = [each.module_path for each in (mail.send, notice_mail.send_due, web_push.send)]
    due = Q(task_path=indexing_pings.announce.module_path, run_after__lte=Now())
    forgotten, _models = tasks.filter(Q(task_path__in=to_people) | due).delete()
    Notice.objects.filter(is_to_mail=True).order_by().update(is_to_mail=False)
    return forgotten


if __name__ == "__main__":
    print(json.dumps(finish(json.load(sys.stdin))))  # noqa: T201  (read by the process that started this one)
