"""Page objects: one class for each kind of reader's page.

`build` makes a page from the snapshot, the region and the request's arguments. The page holds everything that its
template shows, so the template (where it is called `page`) causes no query. Previews and the newsroom use the same
classes.
"""

from .about import CorrectionsPage, OfflinePage, RegionsPage, StaticPage
from .archive import ArchivePage
from .article import ArticlePage, PreviewPage
from .base import Edition, ReaderPage
from .errors import GonePage, NotFoundPage
from .front import FrontPage
from .lists import AuthorPage, ListPage
from .popular import PopularPage
from .search import SearchPage

__all__ = [
    "ArchivePage",
    "ArticlePage",
    "AuthorPage",
    "CorrectionsPage",
    "Edition",
    "FrontPage",
    "GonePage",
    "ListPage",
    "NotFoundPage",
    "OfflinePage",
    "PopularPage",
    "PreviewPage",
    "ReaderPage",
    "RegionsPage",
    "SearchPage",
    "StaticPage",
]
