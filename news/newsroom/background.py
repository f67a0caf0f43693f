"""The queue of background tasks, for the network's administrators, with a button to run failed ones again."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST
from django_tasks.base import TaskResultStatus

from pekon.background import workers
from pekon.background.models import BackgroundTask
from regions.permissions.scoped_admin import NetworkAdmin

STATES = {
    TaskResultStatus.READY: pgettext_lazy("background task", "waiting"),
    TaskResultStatus.RUNNING: pgettext_lazy("background task", "running"),
    TaskResultStatus.FAILED: pgettext_lazy("background task", "failed"),
    TaskResultStatus.SUCCESSFUL: pgettext_lazy("background task", "done"),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.lower(), label) for state, label in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        state = self.value()
        return workers.in_state(queryset, state.upper()) if state else queryset


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(NetworkAdmin):
    """Does not show the tasks' arguments: those of mail are secret, and the others mean nothing to people."""

    object_views = ("run_again",)
    change_form_template = "admin/background/backgroundtask/change_form.html"
    list_display = ["state", "work", "queued", "started", "finished", "attempts"]
    list_display_links = ["work"]
    list_filter = [StateFilter]
    ordering = ["-enqueued_at"]
    fields = readonly_fields = ("state", "work", "queued", "started", "finished", "attempts", "error")
    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("work"))
    def work(self, task: BackgroundTask) -> str:
        return task.task_path

    @admin.display(description=_("state"), ordering="status")
    def state(self, task: BackgroundTask) -> SafeString:
        status = TaskResultStatus(task.status)
        return format_html('<span class="state task-{}">{}</span>', status.lower(), STATES[status])

    @admin.display(description=_("queued at"), ordering="enqueued_at")
    def queued(self, task: BackgroundTask) -> str:
        return _clock(task.enqueued_at)

    @admin.display(description=_("started at"), ordering="started_at")
    def started(self, task: BackgroundTask) -> str:
        return _clock(task.started_at)

    @admin.display(description=_("finished at"), ordering="finished_at")
    def finished(self, task: BackgroundTask) -> str:
        return _clock(task.finished_at)

    @admin.display(description=_("error"))
    def error(self, task: BackgroundTask) -> SafeString | str:
        return format_html('<pre class="traceback">{}</pre>', task.traceback) if task.traceback else "–"

    @admin.display(description=_("attempts"))
    def attempts(self, task: BackgroundTask) -> int:
        return len(task.worker_ids)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["may_run_again"] = context["original"].status == TaskResultStatus.FAILED
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_POST)
    def run_again_view(self, request: HttpRequest, task: BackgroundTask) -> HttpResponse:
        if workers.run_again(task):
            self.message_user(request, _("It waits for the worker again."), messages.SUCCESS)
        else:
            self.message_user(request, _("It has not failed, so it is not run again."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:background_backgroundtask_changelist"))


def _clock(moment: datetime | None) -> str:
    """The time in the network's zone: a task belongs to no region."""
    return format_date(timezone.localtime(moment), "j M Y H:i T") if moment else "–"
