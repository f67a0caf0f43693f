"""Search documents of articles, and the words that the network's administrators define.

A document is written in the transaction that rebuilds its article's placements. It does not contain who may see the
article: readers' searches join `Placement.live()`, and the newsroom's `rules.readable_by()`, so search has the same
rules of visibility as all other pages.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField

from .words import words


class Document(models.Model):
    """The words of one article as `news.search.words` returns them, in lower case, with spaces on both sides.

    The databases' indexes use `tokens` (news.search.backends). The other texts are for ranking.
    """

    title = models.TextField()
    names = models.TextField()  # kicker, tags, authors, section, regions
    body = models.TextField()  # summary, dateline and text
    title_stems = models.TextField()  # of the title and the names
    stems = models.TextField()  # of the body's words, where the stem differs from the word
    tokens = models.TextField()
    built = models.PositiveIntegerField(default=0)  # documents.VERSION when it was written; older ones are rewritten

    class Meta:
        abstract = True


class SearchDocument(Document):
    """What readers' search knows of an approved article."""

    article = models.OneToOneField(
        "news.Article", on_delete=models.CASCADE, primary_key=True, related_name="search_document"
    )
    published_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("built", name="search_document_built")]

    def __str__(self) -> str:
        return str(self.article_id)


class NewsroomDocument(Document):
    """What the newsroom's search knows of an article in any status. Readers' search never reads this table."""

    article = models.OneToOneField(
        "news.Article", on_delete=models.CASCADE, primary_key=True, related_name="newsroom_document"
    )

    class Meta:
        indexes = [models.Index("built", name="newsroom_document_built")]

    def __str__(self) -> str:
        return str(self.article_id)


class NewsroomWord(models.Model):
    """As `KnownWord`, for the newsroom: a word from any article's title, tags or authors, or a name in its text.

    It may come from an article that the person must not see. It is only suggested if an article that they may see has
    the very word.
    """

    word = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.word


class KnownWord(models.Model):
    """A word from an article's title, tags, authors or regions, or a name in its text: a candidate for "did you mean".

    It may come from a hidden article. A suggestion is only shown if it finds a visible article.
    """

    word = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.word


class Alias(models.Model):
    """Several spellings of one name. A search for one also finds articles with the others."""

    names = PlainCharField(
        _("ways to write it"),
        max_length=300,
        help_text=_("With commas between, like “Wali Kota, Walikota, Wako”. The first one stands for all here."),
    )

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["names", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(names__contains=","),
                name="alias_has_two_names",
                violation_error_message=_("Write at least two ways, with a comma between."),
            )
        ]

    def __str__(self) -> str:
        return self.names

    def clean(self) -> None:
        if len(self.phrases) < 2:
            raise ValidationError({"names": _("Write at least two ways, with a comma between.")})

    @property
    def phrases(self) -> list[tuple[str, ...]]:
        """The spellings as words, without duplicates."""
        written = (tuple(words(name)) for name in self.names.split(","))
        return list(dict.fromkeys(phrase for phrase in written if phrase))


class StemOverride(models.Model):
    """The right stem of a word that PySastrawi gets wrong. Names of regions and authors need no rows here."""

    word = PlainCharField(_("word"), max_length=40, unique=True)
    stem = PlainCharField(
        _("its stem"), max_length=40, blank=True, help_text=_("Empty: the word has no other form, like a name.")
    )

    class Meta:
        verbose_name = _("stem of a word")
        verbose_name_plural = _("stems of words")
        ordering = ["word", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(word=""), name="stem_override_has_word", violation_error_message=_("Write one word.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.stem or self.word}"

    def clean(self) -> None:
        for name in ("word", "stem"):
            written = getattr(self, name)
            if words(written) != ([written] if written or name == "word" else []):
                raise ValidationError({name: _("Write one word in small letters.")})
