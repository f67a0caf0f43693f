"""The article's page, at its only address."""

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from news.models import Article
from news.readers.article_cache import attach_bylines_and_tags, attach_region_and_section
from news.readers.compiled_queries import CompiledQuery
from news.readers.pages import ArticlePage, GonePage
from regions.middleware import RegionRequest
from regions.query_params import allow

_live = CompiledQuery(
    lambda pk: Article.objects.live().with_page_columns().filter(pk=pk).order_by(), one_plan=True, pk=int
)


@require_safe
@allow("page")
def article(request: RegionRequest, pk: str, slug: str = "") -> HttpResponse:
    """The article with this id. Another slug or host redirects to the canonical address."""
    article = next(iter(_live.read(pk=int(pk))), None)
    if article is None:
        return _gone(request, int(pk))
    attach_region_and_section(request.snapshot.shared, [article])
    if article.region_id != request.region.pk or request.path != article.get_absolute_url() or "page" in request.GET:
        return HttpResponsePermanentRedirect(article.canonical_url)
    attach_bylines_and_tags(article)
    return ArticlePage.build(request.snapshot, request.region, article).render(request)


def _gone(request: RegionRequest, pk: int) -> HttpResponse:
    """Answer 410 for an article that was live once. Raises Http404 for any other."""
    past = Article.objects.gone().select_related("region", "withdrawal").filter(pk=pk).first()
    if past is None:
        raise Http404
    return GonePage.build(request.snapshot, request.region, past).render(request)
