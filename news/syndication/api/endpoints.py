"""The operations of the read API, one function for each address. Their types are published in the OpenAPI document."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from ninja import NinjaAPI, Path, Query
from ninja import Schema as NinjaSchema
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer
from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from news.models import Article, Author, Placement, Section, Tag, TaggedPlacement, cursors
from news.models.querysets import PlacementQuerySet
from news.syndication import entries, ninjs
from regions.middleware import RegionRequest
from regions.models import Region

from . import schemas

MAX_LENGTH = 100
"""The most items on a page."""
LENGTH = 20
"""The default number of items on a page."""
MAX_ID = 10**18 - 1
"""The largest id that addresses accept (`news.readers.urls.IdConverter`)."""


class _Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class _ReadAPI(NinjaAPI):
    def get_content_type(self) -> str:
        """The content type without a charset parameter, because JSON does not define one (RFC 8259, section 11)."""
        return "application/json"


api = _ReadAPI(
    title="Pekon",
    version="1",
    description=(
        "Every edition's host answers for its own region and those below it; the network's for all. Public and without"
        " keys. Stories are those that readers can see now. An answer's ETag, sent back as If-None-Match, saves the"
        " answer. HEAD is answered as well as GET. Version 1 gets further properties and never loses any."
    ),
    openapi_extra={
        "info": {
            "summary": "What an edition's pages show, as JSON.",
            "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
        }
    },
    renderer=_Renderer(),
    openapi_url=None,  # served by `urls.document`, because ninja's own view generates it for each request
    docs_url=None,  # would load scripts from other sites
)


# --- Parameters -------------------------------------------------------------------------------------------------


def check_parameters(given: QueryDict, known: frozenset[str] = frozenset()) -> None:
    """Refuse unknown and repeated parameters, which ninja itself ignores."""
    for name, values in given.lists():
        if name not in known:
            raise HttpError(400, f"There is no parameter {name[:40]!r}.")
        if len(values) > 1:
            raise HttpError(400, f"{name} stands there twice.")


class _Parameters(NinjaSchema):
    """Base of query parameters that refuses all others. An operation without parameters calls `check_parameters`."""

    @model_validator(mode="before")
    @classmethod
    def known_and_single(cls, data: Any, info: ValidationInfo) -> Any:
        check_parameters((info.context or {})["request"].GET, frozenset(cls.model_fields))
        return data


def _digits(value: object) -> object:
    """Accept only plain numbers: without the sign, spaces, fraction or leading zeros that int() would accept."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and value[0] != "0"):
        raise ValueError("a whole number from 1 on, in plain digits")
    return value


_Limit = Annotated[int, Field(ge=1, le=MAX_LENGTH), BeforeValidator(_digits)]
_RowId = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(_digits)]
_Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,100}$")]
_FROM_NEXT = "From “next” of the page before; it means nothing to anybody else."


class ListParameters(_Parameters):
    """The parameters of lists."""

    # Optional ones have a default factory, because the document would contain a plain default.
    limit: _Limit = LENGTH
    after: _RowId = Field(default_factory=int, description=_FROM_NEXT)


class ArticleParameters(_Parameters):
    limit: _Limit = LENGTH
    before: str = Field(default_factory=str, pattern=cursors.PATTERN, description=_FROM_NEXT)
    section: _Slug = Field(default_factory=str, description="Slug: stories of this section only.")
    tag: _Slug = Field(default_factory=str, description="Slug, present or former: stories of this tag only.")
    author: _Slug = Field(default_factory=str, description="Slug: stories of this author only.")


_ArticleId = Annotated[int, Path(ge=1, le=MAX_ID)]


# --- Errors -----------------------------------------------------------------------------------------------------


def problem(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return api.create_response(request, {"detail": words}, status=status)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    words = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in error.errors)
    return problem(request, words, 400)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, "Not found.", 404)


# --- The addresses ----------------------------------------------------------------------------------------------

_View = TypeVar("_View", bound=Callable[..., Any])
_ALSO = {
    "responses": {
        200: {"headers": {"ETag": {"schema": {"type": "string"}}}},
        304: {"description": "What the client has is what there is (If-None-Match)."},
        400: {
            "description": "A parameter is malformed or unknown.",
            "content": {"text/plain": {"schema": {"type": "string"}}},  # for a NUL, which is refused before any view
        },
        404: {"description": "There is no such thing that readers can see."},
        405: {"description": "Read only."},
        429: {
            "description": "Too many requests: wait as long as Retry-After says.",
            "headers": {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}},
        },
    }
}


def _get(
    path: str, answer: type[schemas.Schema], *, name: str, operation_id: str, summary: str
) -> Callable[[_View], _View]:
    """Decorator for an operation that answers with `answer`, or with the errors that all operations share."""
    return api.get(
        path,
        response={200: answer, 304: None, (400, 404, 405, 429): schemas.Problem},
        url_name=name,
        operation_id=operation_id,
        summary=summary,
        openapi_extra=_ALSO,
        by_alias=True,  # ninjs has a property called `schema`
        exclude_unset=True,  # ninjs omits properties without a value
    )


@_get("/stories/", schemas.ArticlePage, name="api-stories", operation_id="stories", summary="Newest stories first")
def articles(request: RegionRequest, asked: Query[ArticleParameters]) -> schemas.ArticlePage:
    found, following = _page(request, asked)
    return schemas.ArticlePage(items=[schemas.Article.of(article) for article in found], next=following)


@_get(
    "/stories/{id:article_id}/",
    schemas.WholeArticle,
    name="api-story",
    operation_id="story",
    summary="One story, whole",
)
def article(request: RegionRequest, article_id: _ArticleId) -> schemas.WholeArticle:
    check_parameters(request.GET)
    return schemas.WholeArticle.of(_article(request, article_id))


@_get("/sections/", schemas.SectionPage, name="api-sections", operation_id="sections", summary="Sections")
def sections(request: RegionRequest) -> schemas.SectionPage:
    check_parameters(request.GET)
    items = [schemas.Section.of(section, request.region) for section in Section.objects.all()]
    return schemas.SectionPage(items=items, next=None)


@_get("/tags/", schemas.TagPage, name="api-tags", operation_id="tags", summary="Tags with stories")
def tags(request: RegionRequest, asked: Query[ListParameters]) -> schemas.TagPage:
    # Only tags of live articles: the names of others could reveal a hidden article.
    seen = TaggedPlacement.objects.in_region(request.region).live().filter(tag=OuterRef("pk"))
    found, following = _after(request, asked, Tag.objects.filter(Exists(seen)))
    return schemas.TagPage(items=[schemas.Tag.of(tag, request.region) for tag in found], next=following)


@_get("/authors/", schemas.AuthorPage, name="api-authors", operation_id="authors", summary="Authors with stories")
def authors(request: RegionRequest, asked: Query[ListParameters]) -> schemas.AuthorPage:
    seen = Placement.objects.in_region(request.region).live().filter(article__bylines__author=OuterRef("pk"))
    found, following = _after(request, asked, Author.objects.filter(Exists(seen)))
    return schemas.AuthorPage(items=[schemas.Author.of(author, request.region) for author in found], next=following)


@_get(
    "/regions/",
    schemas.RegionPage,
    name="api-regions",
    operation_id="regions",
    summary="This region and those below it",
)
def regions(request: RegionRequest, asked: Query[ListParameters]) -> schemas.RegionPage:
    found, following = _after(request, asked, Region.objects.open().subtree_of(request.region))
    return schemas.RegionPage(items=[schemas.Region.of(region) for region in found], next=following)


@_get("/ninjs/", schemas.NinjsPage, name="api-ninjs", operation_id="ninjs", summary="Newest stories first, in ninjs")
def ninjs_articles(request: RegionRequest, asked: Query[ArticleParameters]) -> schemas.NinjsPage:
    found, following = _page(request, asked)
    items = [schemas.Ninjs.model_validate(ninjs.item(article)) for article in found]
    return schemas.NinjsPage(items=items, next=following)


@_get(
    "/ninjs/{id:article_id}/",
    schemas.Ninjs,
    name="api-ninjs-story",
    operation_id="ninjsStory",
    summary="One story in ninjs",
)
def ninjs_article(request: RegionRequest, article_id: _ArticleId) -> schemas.Ninjs:
    check_parameters(request.GET)
    return schemas.Ninjs.model_validate(ninjs.item(_article(request, article_id)))


# --- Shared by the operations -----------------------------------------------------------------------------------


def _page(request: RegionRequest, asked: ArticleParameters) -> tuple[list[Article], str | None]:
    """One page of the edition's articles, newest first, and the address of the next page."""
    rows = _listed(asked).in_region(request.region).live().newest_first()
    if asked.author:
        rows = rows.filter(article__bylines__author__slug=asked.author)
    if asked.before:
        rows = rows.before(*cursors.parse(asked.before))
    keys = list(rows.distinct().values_list("published_at", "article_id")[: asked.limit + 1])
    shown = keys[: asked.limit]
    following = _address(request, before=cursors.write(*shown[-1])) if len(keys) > len(shown) else None
    return entries.in_order(pk for _time, pk in shown), following


def _listed(asked: ArticleParameters) -> PlacementQuerySet[Any]:
    """What is listed of the section and the tag that are asked for, in any region."""
    if not asked.tag:
        return Placement.objects.filter(section__slug=asked.section) if asked.section else Placement.objects.all()
    tag = Tag.at(asked.tag)
    rows = TaggedPlacement.objects.filter(tag=tag) if tag else TaggedPlacement.objects.none()
    return rows.filter(article__section__slug=asked.section) if asked.section else rows


def _article(request: RegionRequest, article_id: int) -> Article:
    """An article that this edition lists. Raises Http404."""
    if Placement.objects.in_region(request.region).live().filter(article_id=article_id).exists():
        for article in entries.in_order([article_id]):
            return article
    raise Http404


_Row = TypeVar("_Row", Tag, Author, Region)


def _after(request: RegionRequest, asked: ListParameters, rows: QuerySet[_Row]) -> tuple[list[_Row], str | None]:
    """A page of rows by id, beginning after the id `after`, and the address of the next page."""
    if asked.after:
        rows = rows.filter(pk__gt=asked.after)
    page = list(rows.order_by("pk")[: asked.limit + 1])
    shown = page[: asked.limit]
    return shown, _address(request, after=str(shown[-1].pk)) if len(page) > len(shown) else None


def _address(request: RegionRequest, **changed: str) -> str:
    """The request's address with changed parameters."""
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return f"{request.region.origin}{request.path}?{query.urlencode()}"
