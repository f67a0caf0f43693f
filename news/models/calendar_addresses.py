"""Secret addresses from which people's calendar programs fetch the schedule (news.newsroom.schedule.feed)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarAddress(models.Model):
    """One person's address. Only a digest of its secret is stored; a new secret ends the former one."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    # Whether the person had a second factor when the address was made.
    with_second_factor = models.BooleanField()
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.person)
