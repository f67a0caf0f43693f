import uuid

from django.db import models


class Tombstone(models.Model):
    """Something that readers must not get again, or the end of such a rule. Rows are never changed or deleted, except
    for `is_stored_outside`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)  # the name of a Kind
    subject = models.CharField(max_length=100)  # what it is about, as the kind writes it
    lifts = models.BooleanField(default=False)  # ends the rule of the subject's earlier tombstones
    made_at = models.DateTimeField()
    detail = models.JSONField(default=dict)  # what the kind needs to apply it
    is_stored_outside = models.BooleanField(default=False)  # in the storage and in every target of BACKUP_TO

    is_signed = True
    """False for one that was read from a file whose signature does not fit. It is never stored."""

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
