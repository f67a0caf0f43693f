"""What search knows of a story, and the words that the network's administrators teach it.

A document is written from its article in the transaction that places the article in lists, and says nothing of who may
see it: every result is joined to `Placement.live()`, so time publishes in search as it does everywhere.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .words import words


class SearchDocument(models.Model):
    """The words of one approved story, as `news.search.words` writes them: small letters, a space on either side.

    `tokens` is what the databases' indexes see (news.search.index); the other texts are what results are ranked by.
    """

    article = models.OneToOneField(
        "news.Article", on_delete=models.CASCADE, primary_key=True, related_name="search_document"
    )
    published_at = models.DateTimeField()
    title = models.TextField()
    names = models.TextField()  # kicker, tags, authors, section, regions
    body = models.TextField()  # summary, dateline and text
    title_stems = models.TextField()  # of the title and the names
    stems = models.TextField()  # of those words of the body that are not their own stem
    tokens = models.TextField()
    built = models.PositiveIntegerField(default=0)  # documents.VERSION when it was written; less: to be written anew

    class Meta:
        indexes = [models.Index("built", name="search_document_built")]

    def __str__(self) -> str:
        return str(self.article_id)


class KnownWord(models.Model):
    """A word of some story's title, tags, authors or regions, or a name in its text: what "did you mean" chooses from.

    It may be a hidden story's: nothing shows one that no visible story answers to.
    """

    word = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.word


class Alias(models.Model):
    """Different ways to write one name: whoever looks for one finds the stories that have another."""

    names = models.CharField(
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
        """Each way to write it, as words; without doubles."""
        written = (tuple(words(name)) for name in self.names.split(","))
        return list(dict.fromkeys(phrase for phrase in written if phrase))


class Root(models.Model):
    """What PySastrawi gets wrong: a word and the stem that it has. Names of regions and authors need no rows here."""

    word = models.CharField(_("word"), max_length=40, unique=True)
    root = models.CharField(
        _("its root"), max_length=40, blank=True, help_text=_("Empty: the word has no other form, like a name.")
    )

    class Meta:
        verbose_name = _("root of a word")
        verbose_name_plural = _("roots of words")
        ordering = ["word", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(word=""), name="root_is_of_a_word", violation_error_message=_("Write one word.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.root or self.word}"

    def clean(self) -> None:
        for name in ("word", "root"):
            written = getattr(self, name)
            if words(written) != ([written] if written or name == "word" else []):
                raise ValidationError({name: _("Write one word in small letters.")})
