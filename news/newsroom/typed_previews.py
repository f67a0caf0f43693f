"""Previews of exactly what is typed, from its working copy and before it is stored; for live stories too."""

from dataclasses import replace
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from news.content import body
from news.content.slugs import slug_for
from news.images.models import Photo
from news.models import Article, Author, Byline, GalleryPhoto, Tag, WorkingCopy
from news.models.tags import typed_names
from news.publishing import rules
from news.readers.pages import PreviewPage
from news.readers.views.previews import never_stored
from pekon.plain_text import whole_number

from . import form_content, working_copies
from .article_form import ArticleForm, TakenUpload
from .preview_links import lead_to_edition


def posted_article(request: HttpRequest, articles: "models.QuerySet[Article]") -> Article | None:
    """The article whose form was posted; None for a new story. Raises Http404 for one that the person may not see."""
    number = request.POST.get("_copy_article", "")
    if not number:
        return None
    found = articles.filter(pk=whole_number(number, 18) or 0).first()
    if found is None:
        raise Http404
    return found


def form_class(model_admin: Any, request: HttpRequest, article: Article | None) -> type[ArticleForm]:
    """The form class that the person has for this article."""
    writing = cast("Any", request)
    writing.upload, writing.typed = TakenUpload(), None
    writing.proposes = article is not None and rules.may_propose(article, request.user)
    fields = flatten_fieldsets(model_admin.get_fieldsets(request, article))
    return cast("type[ArticleForm]", model_admin.get_form(request, article, change=article is not None, fields=fields))


def frame(request: HttpRequest, copy: WorkingCopy) -> HttpResponse:
    """The page in a frame that is as wide as a phone or as a desktop."""
    form = working_copies.address_of_form(copy.article_id)
    context = {"copy": copy, "form_url": form, "title": copy.title}

    @csp_update({"frame-src": [SELF]})
    def framed(asked: HttpRequest) -> HttpResponseBase:
        return render(asked, "admin/news/article/typed_preview.html", context)

    return cast("HttpResponse", framed(request))


@never_stored
def page(request: HttpRequest, model_admin: Any, copy: WorkingCopy) -> HttpResponse:
    """The story as readers would see it with what is typed."""
    articles = Article.objects.for_page()
    article = articles.with_state().filter(pk=copy.article_id).first() if copy.article_id else None
    region = model_admin.region_on_screen(request, str(copy.article_id or "") or None, copy.content)
    if region is None:
        raise Http404
    with timezone.override(region.zone):
        form = form_class(model_admin, request, article)(
            form_content.as_post(copy.content), instance=article or Article(region=region)
        )
        form.is_valid()  # puts every valid field into the instance
        typed = _with_parts(form, copy, request)
        if typed.region_id is None:
            typed.region = region
        gallery = _gallery(copy) if typed.kind == Article.Kind.PHOTOS else []
        return lead_to_edition(replace(PreviewPage.of(typed), gallery=gallery).render(request), typed.region)


def _with_parts(form: ArticleForm, copy: WorkingCopy, request: HttpRequest) -> Article:
    """The form's article with the typed bylines and tags, which are not stored."""
    article: Article = form.instance
    article.pk = article.pk or 0
    article.title = article.title or copy.title
    article.slug = article.slug or slug_for(copy.title or "-")
    article.body = body.tidy(article.body, dateline=article.dateline, sign_off=article.sign_off)
    names = typed_names(str(form.data.get("tags", "")))
    vars(article)["_prefetched_objects_cache"] = {  # where Django's prefetch_related() stores results
        "bylines": _bylines(article, copy, request),
        "tags": [Tag(name=name, slug=slug_for(name)) for name in names],
    }
    return article


def _bylines(article: Article, copy: WorkingCopy, request: HttpRequest) -> list[Byline]:
    rows = [(whole_number(row.get("author", ""), 18), row) for row in form_content.rows(copy.content, "bylines")]
    authors = Author.objects.in_bulk([key for key, _row in rows if key])
    typed = [
        Byline(author=authors[key], role=row.get("role") or Byline.Role.WRITER) for key, row in rows if key in authors
    ]
    if typed or article.pk or article.kind in Article.SUPPLIED:
        return typed
    return [Byline(author=author) for author in Author.objects.filter(user=request.user.pk)]  # as saving would


def _gallery(copy: WorkingCopy) -> list[GalleryPhoto]:
    rows = [(whole_number(row.get("photo", ""), 18), row) for row in form_content.rows(copy.content, "gallery")]
    photos = Photo.objects.in_bulk([key for key, _row in rows if key])
    return [
        GalleryPhoto(photo=photos[key], caption=row.get("caption", ""), credit=row.get("credit", ""))
        for key, row in rows
        if key in photos and photos[key].rendition_manifest
    ]
