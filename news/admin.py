"""Django's autodiscovery looks here; the desk's modules are in news/newsroom/."""

from .newsroom import articles, people, photos, sections  # noqa: F401
