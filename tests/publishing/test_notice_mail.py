"""Digests: one mail an hour at most, of what its person chose, has not read and may read, in their language."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from news.demo import builders
from news.models import Notice, NoticeChoices
from news.publishing import comments, notice_mail, workflow
from tests.newsroom.world import of_two_regions

pytestmark = pytest.mark.databases
MINUTE = timedelta(minutes=1)


@pytest.fixture
def staff(tree, people):
    people.both = of_two_regions(tree).editor_and_reporter
    for person in vars(people).values():
        person.email = f"{person.username}@example.org"
        person.save()
    people.redaktur.first_name = "Budi"
    people.redaktur.save()
    return people


@pytest.fixture
def story(tree, staff):
    return builders.make_article(tree.payakumbuh, created_by=staff.reporter, title="Jembatan Rahasia Dibangun")


def returned(story, staff, note="Tambah sumber."):
    workflow.submit(story, actor=staff.reporter)
    workflow.return_to_writer(story, actor=staff.redaktur, note=note)


def deliver(after=timedelta(0)):
    """Send what is due then; returns the addresses, and when somebody is due later."""
    mail.outbox.clear()
    sent, later = notice_mail.deliver(timezone.now() + after)
    addresses = [message.to[0] for message in mail.outbox]
    assert sent == len(addresses)
    return addresses, later


def tasks():
    return DBTaskResult.objects.filter(task_path="news.publishing.notice_mail.send_due")


def test_a_digest_says_what_happened_leads_to_the_newsroom_and_how_to_stop(staff, story):
    returned(story, staff, note="Tambah <b>sumber</b>.")
    comments.write(story, actor=staff.redaktur, text="Sejak kapan?")
    assert deliver() == (["reporter@example.org"], None)
    [message] = mail.outbox
    row = Notice.objects.get(person=staff.reporter, kind="returned")
    link = f"http://redaksi.pekon.web.id/kabar/{row.pk}/"
    [(html, mimetype)] = [tuple(part) for part in message.alternatives]
    assert mimetype == "text/html"
    assert message.subject.startswith("[PEKON.WEB.ID] 1 ")
    assert "Tambah <b>sumber</b>." in message.body
    assert "Tambah &lt;b&gt;sumber&lt;/b&gt;." in html
    for said in (message.body, html):
        assert "Budi" in said
        assert "Jembatan Rahasia Dibangun" in said
        assert link in said
        assert "http://redaksi.pekon.web.id/akun/kabar/" in said
        assert story.region.clock(row.made_at) in said
        assert "Sejak kapan?" not in said  # comments are not mailed unless one chooses so
        assert set(re.findall(r"https?://([^/\s\"]+)", said)) == {"redaksi.pekon.web.id"}
    assert not re.search(r"<(img|script|link|iframe|style)|style=", html)


def test_a_second_mail_waits_for_an_hour_and_has_all_that_came_meanwhile(staff, story):
    returned(story, staff, note="Pertama.")
    assert deliver()[0] == ["reporter@example.org"]
    returned(story, staff, note="Kedua.")
    returned(story, staff, note="Ketiga.")
    mailed_at = NoticeChoices.objects.get(person=staff.reporter).mailed_at
    assert deliver(59 * MINUTE) == ([], mailed_at + 60 * MINUTE)
    assert deliver(61 * MINUTE) == (["reporter@example.org"], None)
    body = mail.outbox[0].body
    assert "Pertama." not in body
    assert body.index("Ketiga.") < body.index("Kedua.")
    assert deliver(200 * MINUTE) == ([], None)


def test_what_was_read_meanwhile_is_not_mailed(staff, story, newsroom):
    returned(story, staff)
    row = Notice.objects.get(person=staff.reporter)
    newsroom(staff.reporter).get(f"/kabar/{row.pk}/")
    assert deliver() == ([], None)


def test_a_mail_has_only_what_its_person_may_read_at_that_moment(tree, staff, story):
    returned(story, staff)
    other = builders.make_article(tree.limapuluhkota, created_by=staff.both, title="Cerita Tetangga")
    workflow.submit(other, actor=staff.both)
    workflow.return_to_writer(other, actor=staff.sister, note="Kurang.")
    mine = builders.make_article(tree.payakumbuh, created_by=staff.both, title="Cerita Sendiri")
    workflow.submit(mine, actor=staff.both)
    workflow.return_to_writer(mine, actor=staff.redaktur, note="Kurang.")
    staff.reporter.is_active = False
    staff.reporter.save()
    staff.both.assignments.filter(region=tree.limapuluhkota).delete()
    assert deliver() == (["editor_and_reporter@example.org"], None)
    assert "Cerita Sendiri" in mail.outbox[0].body
    assert "Cerita Tetangga" not in mail.outbox[0].body + str(mail.outbox[0].alternatives)


def test_nothing_is_mailed_to_somebody_without_an_address(staff, story):
    staff.reporter.email = ""
    staff.reporter.save()
    returned(story, staff)
    assert deliver() == ([], None)


def test_a_person_chooses_kinds_and_language(staff, story, newsroom):
    client = newsroom(staff.redaktur)
    assert 'value="submitted"' in client.get("/akun/kabar/").text
    assert client.post("/akun/kabar/", {"mail": ["submitted", "made-up"], "language": "en"}).status_code == 302
    choices = NoticeChoices.objects.get(person=staff.redaktur)
    assert (choices.mail, choices.language) == (["submitted"], "en")
    assert len(choices.push) == len(Notice.Kind)  # the form had no such boxes
    workflow.submit(story, actor=staff.reporter)
    assert deliver() == (["redaktur@example.org"], None)
    assert mail.outbox[0].subject == "[PEKON.WEB.ID] 1 notice from the newsroom"
    assert "submitted a story for review" in mail.outbox[0].body


def test_who_chooses_never_gets_no_mail_even_of_what_waited(staff, story, newsroom):
    returned(story, staff)
    newsroom(staff.reporter).post("/akun/kabar/", {"language": "id"})
    assert deliver() == ([], None)
    returned(story, staff)
    assert deliver() == ([], None)
    assert Notice.objects.filter(person=staff.reporter, kind="returned").count() == 2


def test_a_form_that_is_sent_twice_is_stored_once(staff, newsroom):
    client = newsroom(staff.reporter)
    [key] = re.findall(r'name="_form_key" value="([^"]+)"', client.get("/akun/kabar/").text)
    form = {"mail": ["submitted"], "language": "id", "_form_key": key}
    assert [client.post("/akun/kabar/", form).status_code for _turn in range(2)] == [302, 302]


def test_what_is_too_much_for_one_mail_is_counted(staff, story):
    Notice.objects.bulk_create(
        Notice(person=staff.reporter, kind="returned", article=story, actor=staff.redaktur, is_to_mail=True)
        for _turn in range(notice_mail.LONGEST + 3)
    )
    assert deliver()[0] == ["reporter@example.org"]
    assert mail.outbox[0].body.count("Jembatan Rahasia") == notice_mail.LONGEST
    assert re.search(r"^3 .*:$", mail.outbox[0].body, re.MULTILINE)
    assert not Notice.objects.filter(is_to_mail=True).exists()


def test_the_worker_is_asked_in_the_act_and_comes_again_for_who_waits(staff, story):
    workflow.submit(story, actor=staff.reporter)
    assert not tasks().exists()  # nobody chose mails of what is submitted
    workflow.return_to_writer(story, actor=staff.redaktur, note="Kurang.")
    assert tasks().get().run_after > timezone.now() + 4 * MINUTE
    tasks().delete()
    notice_mail.send_due.call()
    assert not tasks().exists()
    returned(story, staff)
    tasks().delete()
    notice_mail.send_due.call()
    due_at = NoticeChoices.objects.get(person=staff.reporter).mailed_at + 60 * MINUTE
    assert tasks().get().run_after == due_at


def test_a_crash_before_the_mail_is_queued_loses_nothing(staff, story, monkeypatch):
    """Marking and queueing are one transaction."""

    def crash(*args):
        raise KeyboardInterrupt

    returned(story, staff)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", crash)
        with pytest.raises(KeyboardInterrupt):
            notice_mail.deliver(timezone.now())
    assert deliver()[0] == ["reporter@example.org"]
    assert deliver()[0] == []


def test_a_mail_is_queued_in_the_transaction_that_marks_its_notices(staff, story, settings):
    settings.EMAIL_BACKEND = "pekon.background.mail.BackgroundBackend"
    returned(story, staff)
    notice_mail.deliver(timezone.now())
    assert DBTaskResult.objects.filter(task_path="pekon.background.mail.send").count() == 1


def test_the_commands(staff, story, settings, capsys):
    returned(story, staff)
    call_command("send_notices")
    call_command("send_notices")
    assert capsys.readouterr().out.split("\n")[:2] == ["1 mails queued", "0 mails queued"]
    assert len(mail.outbox) == 1
    Notice.objects.update(made_at=timezone.now() - timedelta(days=settings.NOTICE_DAYS + 1))
    kept = Notice.objects.order_by("pk").first()
    Notice.objects.filter(pk=kept.pk).update(made_at=timezone.now())
    call_command("prune_notices")
    assert list(Notice.objects.all()) == [kept]


def test_people_who_are_not_due_cost_nothing(staff, story):
    """What nobody wants by mail is not looked at."""
    Notice.objects.bulk_create(Notice(person=staff.reporter, kind="published", article=story) for _turn in range(50))
    assert deliver() == ([], None)
    assert not NoticeChoices.objects.exists()
