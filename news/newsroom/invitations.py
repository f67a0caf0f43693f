"""The ModelAdmin of invitations: mails with a link that gives one person one role, once."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from news.staff import service
from regions.models import Invitation
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import ScopedAdmin


@admin.register(Invitation)
class InvitationAdmin(ScopedAdmin):
    viewing = changing = region_choices = Permission.MANAGE
    object_views = ("send_again", "revoke")
    change_form_template = "admin/regions/invitation/change_form.html"
    list_display = ["name", "email", "role", "region", "state", "until"]
    list_filter = ["role"]
    list_select_related = ["region"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "region", "role"]
    readonly_fields = ["state", "until"]
    actions = None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.fields, "invited_by", "state", "until"] if obj else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # an invitation that was sent can only be revoked; then invite again

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> Any:
        if invitation.accepted_at:
            return _("accepted")
        if invitation.revoked_at:
            return _("revoked")
        return _("waiting") if invitation.is_open(timezone.now()) else _("expired")

    @admin.display(description=_("can be accepted until"), ordering="expires_at")
    def until(self, invitation: Invitation) -> str:
        return invitation.region.clock(invitation.expires_at)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        invitation: Invitation | None = context.get("original")
        if invitation:
            context["waiting"] = invitation.accepted_at is None and invitation.revoked_at is None
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Actions ------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        self._send(request, obj, service.invite(obj, actor=cast("User", request.user)))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:regions_invitation_changelist"))

    @method_decorator(require_POST)
    def send_again_view(self, request: HttpRequest, invitation: Invitation) -> HttpResponse:
        try:
            self._send(request, invitation, service.invite_again(invitation, actor=cast("User", request.user)))
        except service.StaffActionError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:regions_invitation_changelist"))

    @method_decorator(require_POST)
    def revoke_view(self, request: HttpRequest, invitation: Invitation) -> HttpResponse:
        service.revoke(invitation, actor=cast("User", request.user))
        self.message_user(request, _("The invitation is revoked: its link opens nothing."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:regions_invitation_changelist"))

    def _send(self, request: HttpRequest, invitation: Invitation, token: str) -> None:
        link = request.build_absolute_uri(reverse("invitation", args=[token]))
        transaction.on_commit(lambda: self._mail(request, invitation, link))

    def _mail(self, request: HttpRequest, invitation: Invitation, link: str) -> None:
        """Queue the mail, once the row is stored, and show the link so that it can also be passed on by hand."""
        context = {"invitation": invitation, "link": link, "network": settings.HOST_NAME.upper()}
        subject = render_to_string("news/mail/invitation_subject.txt", context).strip()
        send_mail(subject, render_to_string("news/mail/invitation.txt", context), None, [invitation.email])
        sent = gettext("The invitation goes to %(address)s; if the mail server is down, as soon as it is back.") % {
            "address": invitation.email
        }
        passed_on = gettext("You can also pass the link on yourself; it is shown only now:")
        message = format_html('{} {} <code class="secret-link">{}</code>', sent, passed_on, link)
        self.message_user(request, message, messages.SUCCESS)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Do nothing: the journal (Event) replaces the admin's log."""
