"""The addresses and the panel of a story's comments. static/js/comments/ sends the panel's forms, which also work
without a script; then a comment is shown by the story's form.
"""

from typing import Any, cast

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.content import quotes
from news.models import Article, Comment
from news.publishing import comments
from pekon.plain_text import whole_number
from regions.permissions import form_keys

from .scripts import wants_json

ANCHORS = "_anchors"
"""The field of the article form in which its script sends where the words of comments stand now."""
PAGES = ("change", "review")
"""The pages of a story that have the panel, by the names of their addresses."""
MOST_NAMES = 8
"""People suggested at once."""


def context(article: Article, person: User | AnonymousUser, page: str = "change") -> dict[str, Any]:
    """Inputs of components/panel_comments.html. `page` is the one of PAGES that shows it."""
    threads = comments.threads(article)
    return {
        "comments_open": [thread for thread in threads if not thread.comment.resolved_at],
        "comments_resolved": [thread for thread in threads if thread.comment.resolved_at],
        "comments_reader": person,
        "longest_comment": Comment.LONGEST,
        "comments_page": page,
    }


def _address(request: HttpRequest, article: Article) -> str:
    """The page from which the form was sent."""
    return reverse(f"admin:news_article_{_page(request)}", args=[article.pk])


def _page(request: HttpRequest) -> str:
    sent = request.POST.get("page", "")
    return sent if sent in PAGES else PAGES[0]


def written(request: HttpRequest, article: Article) -> HttpResponse:
    """Do what a posted form asks. Redirects to the comment on the page that sent it; any other answer says why not."""
    try:
        comment = _do(request, article)
    except ValidationError as refusal:
        return _refused(request, article, " ".join(refusal.messages))
    return HttpResponseRedirect(f"{_address(request, article)}#comment-{comment.pk}")


def answer(request: HttpRequest, article: Article, response: HttpResponse | None) -> HttpResponse:
    """The answer to whoever asked: for a script all threads as HTML, with the key of the comment that it
    wrote, and one for the form of the next."""
    if not wants_json(request):
        return response or HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk]) + "#comments")
    if response and not isinstance(response, HttpResponseRedirect):
        return response
    shown = {"original": article, **context(article, request.user, _page(request))}
    threads = render_to_string("admin/news/article/components/comment_threads.html", shown, request)
    key = whole_number(response.headers["Location"].rpartition("-")[2], 18) if response else None
    return JsonResponse({"threads": threads, "comment": key, "key": form_keys.new()})


@require_safe
def mentionable(request: HttpRequest, article: Article) -> HttpResponse:
    """The names of other people who may read the story, for the word that is being typed (`q`)."""
    word = request.GET.get("q", "")[:80].casefold().strip()
    others = [person for person in comments.mentionable(article) if person.pk != request.user.pk]
    names = list(dict.fromkeys(comments.name_of(person) for person in others))
    found = [name for name in names if f" {word}" in f" {name.casefold()}"]
    return JsonResponse({"people": found[:MOST_NAMES]})


def _do(request: HttpRequest, article: Article) -> Comment:
    person = cast("User", request.user)
    post = request.POST
    text, about = post.get("text", ""), _comment(request, article)
    match post.get("do"), about:
        case "add", _:
            return comments.write(article, actor=person, text=text, quote=_quote(request))
        case "reply", Comment():
            return comments.write(article, actor=person, text=text, thread=about)
        case "mend", Comment():
            comments.mend(about, actor=person, text=text)
        case "resolve", Comment(thread_id=None):
            if text.strip():
                comments.write(article, actor=person, text=text, thread=about)
            comments.resolve(about, actor=person)
        case "reopen", Comment(thread_id=None):
            comments.reopen(about, actor=person)
        case _:
            raise Http404
    return about


def _comment(request: HttpRequest, article: Article) -> Comment | None:
    number = whole_number(request.POST.get("comment", ""), 18)
    return Comment.objects.filter(article=article, pk=number).first() if number else None


def _quote(request: HttpRequest) -> quotes.Quote:
    words, prefix, suffix = (request.POST.get(name, "") for name in ("quote", "prefix", "suffix"))
    if len(words) > quotes.LONGEST or max(len(prefix), len(suffix)) > quotes.CONTEXT:
        raise ValidationError(_("Choose fewer words to comment on."))
    return quotes.Quote(words, prefix, suffix)


def _refused(request: HttpRequest, article: Article, reason: str) -> HttpResponse:
    """The reason, with what was typed in a box again."""
    if wants_json(request):
        return JsonResponse({"error": reason}, status=400)
    fields = ("do", "comment", "quote", "prefix", "suffix", "page")
    sent = {name: request.POST[name] for name in fields if request.POST.get(name)}
    shown = {"title": _("Not stored"), "article": article, "reason": reason, "sent": sent}
    shown["text"] = request.POST.get("text", "")
    return render(request, "admin/news/article/comment_refused.html", shown, status=400)
