"""Searches of the newsroom's story list that a person keeps under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField


class SavedSearch(models.Model):
    """One person's own. `query` is the query string of the story list, without `?`."""

    MOST = 20
    """The most that one person keeps."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = PlainCharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="saved_search_has_name"),
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_search_once",
                violation_error_message=_("You have a search of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
