from django.contrib.admin.apps import AdminConfig


class NewsroomConfig(AdminConfig):
    """Django's admin with the newsroom's site as its default."""

    default_site = "news.newsroom.site.NewsroomSite"
