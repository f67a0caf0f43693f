"""Mail leaves by the worker: a mail server that is down makes no page fail; no secret is in the queue or the log."""

import smtplib

import pytest
from django.contrib.auth.models import User
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives, send_mail

from pekon.background import mail, retries
from pekon.background.models import BackgroundTask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_background(settings):
    settings.EMAIL_BACKEND = "pekon.background.mail.BackgroundBackend"
    settings.MAIL_SENDING_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def work():
    """Do what waits, whenever it is due; tasks that this puts into the queue wait for the next call."""
    for task in BackgroundTask.objects.filter(status="READY"):
        task.delete()
        mail.send.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])


def test_a_mail_arrives_as_it_was_written():
    message = EmailMultiAlternatives(
        "Undangan", "Teks", "redaksi@pekon.web.id", ["rani@example.org"], ["bcc@example.org"], headers={"X-A": "1"}
    )
    message.attach_alternative("<p>Teks</p>", "text/html")
    assert message.send() == 1
    assert django_mail.outbox == []
    work()
    [sent] = django_mail.outbox
    assert (sent.subject, sent.body, sent.from_email) == ("Undangan", "Teks", "redaksi@pekon.web.id")
    assert (sent.to, sent.bcc, sent.extra_headers) == (["rani@example.org"], ["bcc@example.org"], {"X-A": "1"})
    assert [tuple(part) for part in sent.alternatives] == [("<p>Teks</p>", "text/html")]


def test_the_queue_holds_no_secret():
    send_mail("Judul", "https://redaksi.pekon.web.id/undangan/rahasia/", None, ["rani@example.org"])
    stored = str(BackgroundTask.objects.values().get())
    assert not any(word in stored for word in ("rahasia", "rani", "Judul"))


class Down:
    error: Exception = ConnectionRefusedError(111, "refused rani@example.org")

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise self.error


@pytest.fixture
def server_down(settings, monkeypatch):
    settings.MAIL_SENDING_BACKEND = f"{__name__}.Down"
    return lambda error: monkeypatch.setattr(Down, "error", error)


def test_a_failed_mail_is_tried_again_later_and_given_up_in_the_end(server_down, caplog):
    send_mail("Judul", "rahasia", None, ["rani@example.org"])
    waits = []
    for _attempt in retries.WAITS:
        work()
        waits.append(BackgroundTask.objects.get().run_after)
    assert waits == sorted(waits)
    with pytest.raises(mail.MailNotSent):
        work()
    assert not BackgroundTask.objects.exists()
    assert caplog.text.count("tried again: ConnectionRefusedError 111") == len(retries.WAITS)
    assert not any(word in caplog.text for word in ("rahasia", "rani", "Judul"))


def test_what_the_server_refuses_for_good_is_not_tried_again(server_down):
    server_down(smtplib.SMTPDataError(554, b"no rani@example.org"))
    send_mail("Judul", "x", None, ["rani@example.org"])
    with pytest.raises(mail.MailNotSent, match=r"^SMTPDataError 554$"):
        work()
    assert not BackgroundTask.objects.exists()


def test_pages_that_send_mail_answer_while_the_server_is_down(
    people, newsroom, server_down, client, settings, commits_at_once
):
    User.objects.filter(pk=people.reporter.pk).update(email="reporter@example.org")
    host = f"{settings.NEWSROOM_LABEL}.{settings.DOMAIN}"
    for name in ("reporter@example.org", "nobody@example.org"):
        asked = client.post("/akun/sandi/lupa/", {"email": name}, HTTP_HOST=host)
        assert asked.status_code == 302
        assert "jika server surel kami sedang mati" in client.get(asked.url, HTTP_HOST=host).content.decode()
    form = {"name": "Rani", "email": "rani@example.org", "region": people.pemred.assignments.get().region_id}
    page = newsroom(people.pemred).post("/regions/invitation/add/", form | {"role": "reporter"}, follow=True)
    assert "Undangan dikirim ke rani@example.org; jika server surel sedang mati" in page.content.decode()
    assert BackgroundTask.objects.filter(task_path__endswith="mail.send").count() >= 2
