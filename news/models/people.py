"""Authors, the people readers see, and their bylines. An author may or may not have an account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField, PlainTextField
from regions.models import Region


class Author(models.Model):
    name = PlainCharField(_("name"), max_length=80)
    slug = models.SlugField(_("address part"), max_length=100, unique=True, help_text=_("As in /penulis/linda-sari/."))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="authors", verbose_name=_("region"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("account"),
        help_text=_("Empty for people who do not log in."),
    )
    bio = PlainTextField(_("about"), max_length=500, blank=True)
    is_active = models.BooleanField(_("writes for us now"), default=True)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/penulis/{self.slug}/"

    @property
    def sign_off(self) -> str:
        """What this author's stories end with unless somebody chooses otherwise: the initials, `(ls).`"""
        initials = "".join(word[0] for word in self.name.split() if word[0].isalpha())
        return f"({initials.lower()})." if initials else "(**)."


class BylineManager(models.Manager["Byline"]):
    """Always loads the author with the byline, because a byline is never shown without it."""

    def get_queryset(self) -> models.QuerySet["Byline"]:
        return super().get_queryset().select_related("author")


class Byline(models.Model):
    """An author's role and position on one article."""

    class Role(models.TextChoices):
        WRITER = "writer", _("writer")
        EDITOR = "editor", _("editor")
        PHOTOGRAPHER = "photographer", _("photographer")
        CONTRIBUTOR = "contributor", _("contributor")
        SOURCE = "source", _("source")

    article = models.ForeignKey("news.Article", on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines", verbose_name=_("author"))
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.WRITER)
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    objects = BylineManager()

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author", "role"],
                name="byline_once",
                violation_error_message=_("This author has that role on this story already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.author}, {self.get_role_display()}"
