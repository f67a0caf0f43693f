"""The devices that are told of notices by web push (RFC 8030)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PushSubscription(models.Model):
    """A browser's address at its push service, with the keys for which messages are encrypted (RFC 8291). It belongs to
    the session in which it was turned on, and ends with it."""

    LONGEST = 1000  # characters of an address

    session = models.OneToOneField(
        "usersessions.UserSession", on_delete=models.CASCADE, related_name="push_subscription"
    )
    endpoint = models.CharField(max_length=LONGEST, unique=True)
    public_key = models.CharField(max_length=100)  # p256dh, base64url
    secret = models.CharField(max_length=40)  # auth, base64url
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")

    def __str__(self) -> str:
        return f"{self.session}"
