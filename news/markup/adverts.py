"""`{{ advert(page, "top") }}`: an advertising slot; renders nothing if no advert is live."""

from django.utils.safestring import SafeString

from news.readers.pages import ReaderPage
from news.readers.templates import component


def advert(page: ReaderPage, slot: str) -> SafeString:
    """The next advert of the page for this slot."""
    taken = page.adverts.take(slot)
    if taken is None:
        return SafeString()
    return component("advert", {"advert": taken, "network": page.network})
