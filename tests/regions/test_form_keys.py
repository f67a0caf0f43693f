"""A form with a key is stored once, and its digest tells everything apart that was typed."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from news.demo import builders
from regions.models import FormKey
from regions.permissions import form_keys


@pytest.fixture
def press(tree):
    """`press(answer, **typed)`: the form is sent; whether it was stored by this press, and the answer."""
    everybody = {name: builders.make_user(name) for name in ("budi", "ani")}

    def send(answer=None, path="/", user="budi", **typed):
        request = RequestFactory().post(path, {form_keys.FIELD: "kunci"} | typed)
        request.user = everybody[user]
        acts = []
        answered = form_keys.once(request, lambda: acts.append(1) or answer or HttpResponseRedirect("/ke/"))
        return len(acts), answered

    return send


def test_a_second_press_is_led_where_the_first_one_was(press):
    assert press(HttpResponseRedirect("/pertama/"), title="A")[0] == 1
    acts, answer = press(HttpResponseRedirect("/kedua/"), title="A")
    assert (acts, answer.status_code, answer.url) == (0, 302, "/pertama/")
    assert press(title="A", csrfmiddlewaretoken="lain")[0] == 0  # another one on each page


def test_a_form_without_a_key_is_stored_each_time(press):
    for key in ("", None):
        for _press in range(2):
            assert press(**{form_keys.FIELD: key} if key is not None else {form_keys.FIELD: []})[0] == 1
    assert not FormKey.objects.exists()


def test_another_answer_than_a_redirect_means_that_nothing_was_stored(press):
    acts, answer = press(HttpResponse("Judulnya kurang."), title="A")
    assert (acts, answer.content) == (1, b"Judulnya kurang.")
    assert press(title="A")[0] == 1
    assert press(title="A")[0] == 0


def test_whatever_differs_is_another_form(press):
    def file(name="a.jpg", content=b"a"):
        return SimpleUploadedFile(name, content)

    sent = [
        {"title": "A"},
        {"title": "B"},
        {"title": ["A", "B"]},
        {"title": ["B", "A"]},
        {"judul": "A"},
        {"title": "A", "x": "1"},
        {"title": "A", form_keys.FIELD: "lain"},
        {"title": "A", "path": "/lain/"},
        {"title": "A", "user": "ani"},
        {"photo": file()},
        {"photo": file("b.jpg")},
        {"photo": file(content=b"ab")},
        {"foto": file()},
        {"photo": [file(), file("b.jpg")]},
    ]
    for typed in sent:
        assert press(**typed)[0] == 1, typed
    assert FormKey.objects.count() == len(sent)
    assert {len(digest) for digest in FormKey.objects.values_list("digest", flat=True)} == {64}  # the column's length
    assert press(x="1", title="A")[0] == 0  # in whichever order
    again = [{name: file() if name in ("photo", "foto") else value for name, value in sent[9].items()}, sent[3]]
    for typed in again:
        assert press(**typed)[0] == 0, typed


def test_a_key_is_new_each_time_and_long():
    assert len({form_keys.new() for _key in range(10)}) == 10
    assert len(form_keys.new()) == 22


def test_a_hundred_old_keys_are_forgotten_with_each_form(press, monkeypatch):
    monkeypatch.setattr(form_keys, "_PRUNED_AT_ONCE", 2)
    now = timezone.now()
    ages = [form_keys.KEEP + timedelta(hours=1)] * 3 + [form_keys.KEEP - timedelta(hours=1)]
    FormKey.objects.bulk_create(FormKey(digest=str(number), used_at=now - age) for number, age in enumerate(ages))
    press(title="A")
    assert FormKey.objects.filter(used_at__lt=now - form_keys.KEEP).count() == 1
    press(title="B")
    assert FormKey.objects.filter(digest__in="0123").values_list("digest", flat=True).get() == "3"
