"""The format in which django-reversion writes an article: Django's JSON, with the article's rows as plain data.

So one row holds the whole article. The setting SERIALIZATION_MODULES names this module.
"""

from typing import Any

from django.core.serializers import json

PARTS = "parts"
"""The key, beside the fields, of the article's rows. It is no field's name, so readers of the format leave it out."""


class Serializer(json.Serializer):
    """Writes the instance's `version_content` (`news.publishing.versions.content`)."""

    def get_dump_object(self, obj: Any) -> dict[str, Any]:
        return {"model": str(obj._meta), "pk": obj.pk, "fields": obj.version_content}


Deserializer = json.Deserializer
