"""Photos that nobody has described for blind readers. `news.publishing.readiness` refuses them."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from news.images.models import Photo
from news.models import Article

from .findings import Finding
from .manuscript import Manuscript


def without_description(manuscript: Manuscript) -> Iterator[Finding]:
    """One query. A photo that the person may not see, and that the stored story does not have, is not spoken of."""
    asked = {use.photo for use in manuscript.photos if not use.is_described}
    if not asked:
        return
    may_see = Q(pk__in=manuscript.reader.photos.order_by().values("pk"))
    if manuscript.article:
        may_see |= Q(pk__in=Article(pk=manuscript.article).photos.order_by().values("pk"))
        may_see |= Q(lead_of=manuscript.article)
    rows = Photo.objects.filter(may_see, pk__in=asked).distinct().in_bulk()
    for use in manuscript.photos:
        photo = rows.get(use.photo)
        if photo is None or (photo.is_described if use.is_described is None else use.is_described):
            continue
        yield Finding(
            "alt",
            _("The photo “%(photo)s” has no description for blind readers.") % {"photo": photo},
            _("Say in a plain sentence what it shows, or mark it as decorative."),
            field=use.field,
            stops=True,
        )
