"""What the article form shows besides the stored story: working copies that it offers, and proposed changes.

With `?copy=` or `?proposal=` the form shows that text instead of the stored one. The content is put into the form as if
it had been posted, but nothing is validated or stored.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from news.models import Article, Proposal, Status, WorkingCopy
from news.publishing import rules
from pekon.plain_text import whole_number

from . import form_content, unsaved_input, working_copies
from .form_content import Content, Difference
from .working_copies import Offer

COPY, PROPOSAL, DISCARDED = "copy", "proposal", "discarded"
"""Parameters of the form's address."""
OWN = (COPY, PROPOSAL, DISCARDED)


@dataclass(frozen=True)
class Typed:
    """A working copy or a proposal that the form shows. `stored` is the content of the untouched form."""

    source: WorkingCopy | Proposal
    stored: Content

    def as_post(self) -> QueryDict:
        return form_content.as_post(form_content.merged(self.stored, self.source.content))


@dataclass(frozen=True)
class ShownProposal:
    """A proposal beside the form, with what it would change."""

    proposal: Proposal
    differences: list[Difference]


def asked_for(request: HttpRequest, object_id: str | None) -> WorkingCopy | Proposal | None:
    """The working copy or proposal that the address names, if it belongs to this story and is this person's to see."""
    article = whole_number(object_id or "", 18)
    if key := request.GET.get(COPY):
        copy = working_copies.find(request.user, key)
        return copy if copy and copy.article_id == article and copy.discarded_at is None else None
    number = whole_number(request.GET.get(PROPOSAL, ""), 18)
    return find_proposal(request, article, number) if article and number else None


def find_proposal(request: HttpRequest, article: int, number: int) -> Proposal | None:
    """A proposal for this article, for its writer and for those who may edit the article."""
    found = Proposal.objects.select_related("article__region", "person").filter(pk=number, article=article).first()
    if found and (found.person_id == request.user.pk or rules.may_edit(found.article, request.user)):
        return found
    return None


def posted_proposal(request: HttpRequest, article: Article) -> Proposal | None:
    """The proposal whose changes a posted form holds, if the person may edit the article."""
    number = whole_number(request.POST.get("_proposal", ""), 18)
    return find_proposal(request, article.pk, number) if number and rules.may_edit(article, request.user) else None


def parts(context: dict[str, Any]) -> tuple[Any, list[Any]]:
    """The form and the formsets of a change form's context."""
    return context["adminform"].form, [inline.formset for inline in context["inline_admin_formsets"]]


def context(
    request: HttpRequest, article: Article | None, shown: dict[str, Any], typed: Typed | None, *, editable: bool
) -> dict[str, Any]:
    """What the templates need. `shown` is the context of the form, `editable` whether the person may write in it."""
    form, formsets = parts(shown)
    extra: dict[str, Any] = {"typed": typed, "editable": editable, "copy_form": _names(request, article, typed)}
    if request.method == "POST" and not typed:
        return extra  # the form comes back with errors: nothing is newer than that
    stored = typed.stored if typed else form_content.shown(form, formsets)
    if typed:
        extra["typed_differences"] = form_content.differences(stored, typed.source.content, form, formsets)
    elif editable:
        extra["copy_offers"] = working_copies.offers(request.user, article, stored, form, formsets)
    elif article:
        copies = WorkingCopy.objects.offered(request.user, article)[: working_copies.OFFERED]
        extra["copy_offers"] = [offer for offer in (_to_read(article, copy) for copy in copies) if offer.differences]
    if key := request.GET.get(DISCARDED):
        extra["discarded"] = working_copies.find(request.user, key)
    if article:
        extra |= _proposals(request, article, stored, form, formsets)
    return extra


def _names(request: HttpRequest, article: Article | None, typed: Typed | None) -> dict[str, Any]:
    """How the form's script names its working copy: the copy that is shown, that of the posted form, or a new one."""
    copy = typed.source if typed and isinstance(typed.source, WorkingCopy) else None
    posted = working_copies.form_key(request) if request.method == "POST" and not typed else None
    return {
        "key": copy.key if copy else posted or working_copies.new_key(),
        "number": copy.number if copy else working_copies.posted_number(request) if posted else 0,
        "article": article.pk if article else "",
        "person": request.user.pk,
        "proposal": typed.source.pk if typed and isinstance(typed.source, Proposal) else "",
    }


def _to_read(article: Article, copy: WorkingCopy) -> Offer:
    """A copy for somebody who may no longer edit the story: the texts that differ, to read and to copy."""
    texts = unsaved_input.texts(form_content.as_post(copy.content))
    stored = dict(unsaved_input.stored_texts(article))
    changed = [(label, text) for label, text in texts if stored.get(label, "") != text]
    return Offer(copy, [Difference(label, [], text.splitlines()) for label, text in changed])


def _proposals(
    request: HttpRequest, article: Article, stored: Content, form: Any, formsets: list[Any]
) -> dict[str, Any]:
    """The proposals for a live or scheduled article: all of them for editors, one's own for its writer."""
    if article.status != Status.APPROVED:
        return {}
    found = Proposal.objects.filter(article=article).select_related("person", "declined_by")
    if rules.may_edit(article, request.user):
        listed = [
            ShownProposal(proposal, form_content.differences(stored, proposal.content, form, formsets))
            for proposal in found.filter(declined_at=None).order_by("proposed_at", "pk")
        ]
        return {"proposals": listed}
    if rules.may_propose(article, request.user):
        address = reverse("admin:news_article_propose", args=[article.pk])
        return {"propose_url": address, "own_proposal": found.filter(person=request.user.pk).first()}
    return {}
