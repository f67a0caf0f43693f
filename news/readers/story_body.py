"""An article's text as its page shows it, with the photos and stories that it refers to."""

from django.utils.safestring import SafeString

from news.content import body
from news.models import Article
from news.models.body_references import shown_in

from .templates import component


def render(article: Article, also: Article | None = None) -> SafeString:
    """The text as safe HTML, in at most two queries. `also` is another article to link to in the middle of the text."""
    inset = component("also", {"article": also}) if also else ""
    return body.render(
        article.body, dateline=article.dateline, sign_off=article.sign_off, inset=inset, inserts=_inserts(article)
    )


def _inserts(article: Article) -> body.Inserts:
    shown = shown_in([article])

    def photo(key: int, caption: str) -> SafeString:
        found = shown.photos.get(key)
        values = {"photo": found, "caption": caption}
        return component("figure", values) if found else SafeString()

    def story(key: int) -> SafeString:
        found = shown.stories.get(key)
        return component("also", {"article": found}) if found else SafeString()

    return body.Inserts(photo, story)
