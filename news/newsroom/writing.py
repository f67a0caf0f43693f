"""What the article form has for writing: working copies, previews of what is typed, proposed changes, comments, who
is here.

`WritingAdmin` is the part of ArticleAdmin that answers these addresses.
"""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from news.models import Article, Proposal, WorkingCopy
from news.models.querysets import ArticleQuerySet
from news.publishing import proposals, rules
from news.publishing.checks.manuscript import Reader
from news.publishing.readiness import TransitionError
from pekon.plain_text import whole_number
from regions.models import Region
from regions.permissions.scoped_admin import ScopedAdmin

from . import comments, form_content, presence, story_checks, typed_forms, typed_previews, working_copies
from .typed_forms import Typed


class AlreadyStored(Exception):
    """The story that a form is to make was made by that form before."""

    def __init__(self, article: int):
        super().__init__(article)
        self.article = article


class WritingRequest(HttpRequest):
    source: WorkingCopy | Proposal | None
    """What the form is to show in place of the stored story."""
    typed: Typed | None
    proposes: bool
    """Whether the form is for changes that an editor applies."""


class WritingAdmin(ScopedAdmin):
    object_views: tuple[str, ...] = ("proposal",)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("working_copies/", wrap(self._copies_view), name="working_copies"),
            path("working_copies/discard/", wrap(working_copies.discard), name="working_copy_discard"),
            path("working_copies/preview/", wrap(self._take_preview_view), name="working_copy_take_preview"),
            path("working_copies/<uuid:key>/preview/", wrap(self._preview_view), name="working_copy_preview"),
            path("working_copies/<uuid:key>/page/", wrap(self._page_view), name="working_copy_page"),
            path("checks/", wrap(self._checks_view), name="article_checks"),
            path("<int:object_id>/comments/", wrap(self._comments_view), name="news_article_comments"),
            path("<int:object_id>/mentionable/", wrap(self._mentionable_view), name="news_article_mentionable"),
            path("<int:object_id>/presence/", wrap(self._presence_view), name="news_article_presence"),
            path("<path:object_id>/propose/", wrap(self._propose_view), name="news_article_propose"),
            *super().get_urls(),
        ]

    # --- Working copies -----------------------------------------------------------------------------------

    def _copies_view(self, request: HttpRequest) -> HttpResponse:
        return working_copies.copies(request, self.get_queryset(request))

    @method_decorator(require_POST)
    def _take_preview_view(self, request: HttpRequest) -> HttpResponse:
        """Keep what the form holds, and show it as a page."""
        article = typed_previews.posted_article(request, self.get_queryset(request))
        fields = typed_previews.form_class(self, request, article).base_fields
        copy = working_copies.keep_posted(request, article, form_content.posted(request.POST, fields))
        if copy is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:working_copy_preview", args=[copy.key]))

    def _preview_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        return typed_previews.frame(request, self._own_copy(request, key))

    def _page_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        return typed_previews.page(request, self, self._own_copy(request, key))

    def _own_copy(self, request: HttpRequest, key: Any) -> WorkingCopy:
        copy = working_copies.find(request.user, str(key))
        if copy is None or (copy.article_id and not self.get_queryset(request).filter(pk=copy.article_id).exists()):
            raise Http404
        return copy

    def _presence_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return presence.answer(request, self.get_queryset(request), object_id)

    # --- Checks -------------------------------------------------------------------------------------------

    @method_decorator(require_POST)
    def _checks_view(self, request: HttpRequest) -> HttpResponse:
        """What the checks find in a form, sent as a working copy is. Nothing is stored."""
        try:
            sent = working_copies.read(request)
        except working_copies.Refused as refusal:
            return JsonResponse({"error": str(refusal)}, status=refusal.code)
        article: Article | None = self.get_queryset(request).filter(pk=sent.article).first() if sent.article else None
        if sent.article and article is None:
            raise Http404
        content = working_copies.storable(sent.content)
        region = self.region_on_screen(request, str(sent.article or "") or None, content)
        if region is None:
            raise PermissionDenied
        return story_checks.answer(request, content, article, region, self.checks_reader(request))

    def region_on_screen(
        self, request: HttpRequest, object_id: str | None, content: form_content.Content | None = None
    ) -> Region | None:
        """See ArticleAdmin."""
        raise NotImplementedError

    def checks_reader(self, request: HttpRequest) -> Reader:
        photos = self.related_choices(Article._meta.get_field("lead_photo"), request)
        return story_checks.reader_of(request, cast("ArticleQuerySet", self.get_queryset(request)), photos)

    # --- Comments -----------------------------------------------------------------------------------------

    def _comments_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The story's comments: read by the form's script, or written, once however often a button is pressed."""
        article = self._readable(request, object_id)
        written = self._once(request, lambda: comments.written(request, article)) if request.method == "POST" else None
        return comments.answer(request, article, written)

    def _mentionable_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return comments.mentionable(request, self._readable(request, object_id))

    def _readable(self, request: HttpRequest, object_id: int) -> Article:
        article: Article | None = self.get_object(request, str(object_id))  # of those that the person may see
        if article is None:
            raise Http404
        return article

    # --- The form with what was typed ----------------------------------------------------------------------

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """As in ScopedAdmin, but shows `request.source` if there is one, and makes no story twice."""
        writing = cast("WritingRequest", request)

        def view() -> HttpResponse:
            return super(WritingAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        try:
            response = view()
        except AlreadyStored as story:
            return self._go_on_in(request, story.article)
        if not writing.source or not isinstance(response, TemplateResponse) or request.method != "GET":
            return response
        if not (response.context_data or {}).get("editable"):
            return response
        form, formsets = typed_forms.parts(response.context_data or {})
        writing.typed = Typed(writing.source, form_content.shown(form, formsets))
        self._put(request, writing.typed.as_post())
        try:
            return view()
        finally:
            request.method = "GET"

    def _go_on_in(self, request: HttpRequest, article: int) -> HttpResponse:
        """Show what was typed since in the form of the story that this form made before, after Back for example."""
        stored = self.get_queryset(request).filter(pk=article).first()
        if stored is None:
            raise PermissionDenied
        fields = typed_previews.form_class(self, request, stored).base_fields
        copy = working_copies.keep_posted(request, stored, form_content.posted(request.POST, fields))
        messages.warning(
            request, _("You have saved this story before. Here is what you typed since: save it once more.")
        )
        address = working_copies.address_of_form(article)
        return HttpResponseRedirect(f"{address}?copy={copy.key}" if copy else address)

    # --- Proposed changes ---------------------------------------------------------------------------------

    def _propose_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form of a live or scheduled story, for changes that an editor applies."""
        article = self.get_object(request, object_id)
        if article is None or not rules.may_propose(article, request.user):
            return HttpResponseRedirect(reverse("admin:news_article_change", args=[object_id]))
        cast("WritingRequest", request).proposes = True
        return self.changeform_view(request, object_id)

    def propose(self, request: HttpRequest, form: Any, formsets: Any) -> None:
        """Store a valid form as a proposal: its own fields alone, whatever else was posted."""
        tables = tuple(f"{formset.prefix}-" for formset in formsets)
        posted = form_content.posted(request.POST, form.fields).items()
        content = {name: values for name, values in posted if name in form.fields or name.startswith(tables)}
        proposals.propose(form.instance, actor=request.user, content=content, note=form.cleaned_data.get("note", ""))
        working_copies.forget(request)
        messages.success(
            request, _("Your changes are proposed. The story stays as it is until an editor applies them.")
        )

    @method_decorator(require_POST)
    def proposal_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Apply, decline or take back a proposal."""
        number = whole_number(request.POST.get("proposal", ""), 18)
        proposal = typed_forms.find_proposal(request, article.pk, number) if number else None
        if proposal is None:
            raise Http404
        match request.POST.get("do"):
            case "apply" if rules.may_edit(article, request.user):
                return self._apply(request, article, proposal)
            case "decline" if rules.may_edit(article, request.user):
                self._decline(request, proposal)
            case "take_back" if proposal.person_id == request.user.pk:
                proposal.delete()
                messages.success(request, _("Your proposal is taken back."))
            case _other:
                raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk]))

    def _apply(self, request: HttpRequest, article: Article, proposal: Proposal) -> HttpResponse:
        """Store the proposed changes as the editor's act. If the story has changed since, the form shows them."""
        form_address = reverse("admin:news_article_change", args=[article.pk])
        if proposal.content.get("version") != [str(article.version)]:
            messages.warning(request, _("The story has changed since this was proposed. Look at both, then save."))
            return HttpResponseRedirect(f"{form_address}?proposal={proposal.pk}")
        return self._store(request, article, proposal)

    def _store(self, request: HttpRequest, article: Article, proposal: Proposal) -> HttpResponse:
        """Post the proposal's content to the article's form, over what the form holds, and answer as the form does."""
        address = reverse("admin:news_article_change", args=[article.pk])
        request.method = "GET"
        shown = cast("TemplateResponse", self.changeform_view(request, str(article.pk)))
        form, formsets = typed_forms.parts(shown.context_data or {})
        post = Typed(proposal, form_content.shown(form, formsets)).as_post()
        post.update({"_proposal": str(proposal.pk), "_save": "1"})
        self._put(request, post)
        return self.changeform_view(request, str(article.pk), address)

    def _put(self, request: HttpRequest, content: QueryDict) -> None:
        """Make it a request that posts this content."""
        request.method, request.POST = "POST", cast("Any", content)

    def _decline(self, request: HttpRequest, proposal: Proposal) -> None:
        try:
            proposals.decline(proposal, actor=cast("Any", request.user), answer=request.POST.get("answer", ""))
        except TransitionError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The proposal is declined; its writer sees your note."))
