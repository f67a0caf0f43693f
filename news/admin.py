"""Django's autodiscovery looks here; the desk's modules are in news/newsroom/."""

from .newsroom import articles, authors, invitations, people, photos, sections  # noqa: F401
