"""Proposed changes to live and scheduled articles: a writer proposes, an editor applies or declines.

The public text stays as it is until an editor applies a proposal, by `workflow.save` with `Details.proposal`.
"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article, Event, Proposal
from regions.permissions import access
from regions.permissions.access import Permission

from . import journal, rules
from .readiness import TransitionError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .rules import Actor


@transaction.atomic
def propose(article: Article, *, actor: "Actor", content: dict[str, list[str]], note: str = "") -> Proposal:
    """Store a proposal in place of the person's earlier one for this article. Raises PermissionDenied."""
    if not rules.may_propose(article, actor):
        raise PermissionDenied
    values: dict[str, Any] = {"content": content, "note": note[:500], "proposed_at": timezone.now()}
    values |= {"declined_at": None, "declined_by": None, "answer": ""}
    proposal, _made = Proposal.objects.update_or_create(person_id=actor.pk, article=article, defaults=values)
    journal.record(Event.Verb.PROPOSED, actor=actor, article=article, note=proposal.note)
    return proposal


@transaction.atomic
def decline(proposal: Proposal, *, actor: "User", answer: str) -> None:
    """Decline an open proposal; its writer sees the answer. Raises TransitionError without one, PermissionDenied."""
    if not rules.may_edit(proposal.article, actor):
        raise PermissionDenied
    if not answer.strip():
        raise TransitionError(_("Say why the proposal is declined."))
    values = {"declined_at": timezone.now(), "declined_by": actor, "answer": answer.strip()[:500]}
    if Proposal.objects.filter(pk=proposal.pk, declined_at=None).update(**values):
        note = f"{proposal.proposer}: {values['answer']}"
        journal.record(Event.Verb.DECLINED, actor=actor, article=proposal.article, note=note)


def waiting(actor: "Actor") -> Any:
    """The open proposals for articles that this person edits, oldest first."""
    edited = Article.objects.filter(region__in=access.regions_for(actor, Permission.EDIT))
    return Proposal.objects.filter(declined_at=None, article__in=edited).order_by("proposed_at", "pk")
