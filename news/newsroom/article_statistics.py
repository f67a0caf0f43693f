"""An article's reads by hour, for its editors."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from news.models import Article
from news.popularity import rankings

HOURS = 48
HEIGHT = 100  # of the chart, in SVG units


def page(request: HttpRequest, article: Article) -> HttpResponse:
    counted = rankings.by_hour(article, hours=HOURS)
    most = max(reads for _hour, reads in counted)
    bars = [
        {"hour": hour, "reads": reads, "x": place * 10, "y": HEIGHT - height, "height": height}
        for place, (hour, reads) in enumerate(counted)
        for height in [round(HEIGHT * reads / most) if most else 0]
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Reads of “%(title)s”") % {"title": article.title},
        "article": article,
        "bars": bars,
        "width": HOURS * 10,
        "height": HEIGHT,
        "total": sum(reads for _hour, reads in counted),
        "in_all": rankings.total(article),
    }
    return TemplateResponse(request, "admin/news/article/reads.html", context)
