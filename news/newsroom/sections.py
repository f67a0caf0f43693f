"""Sections and tags: the network's, so its administrators keep them."""

from django.contrib import admin
from taggit.admin import Tag as UnusedTag

from news.models import Section, Tag
from regions.scoped_admin import NetworkAdmin

admin.site.unregister(UnusedTag)  # taggit's own, in place of which Pekon has news.Tag


@admin.register(Section)
class SectionAdmin(NetworkAdmin):
    chosen_by_everybody = True
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Tag)
class TagAdmin(NetworkAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    fields = ["name"]  # the slug is the tag's identity, and follows from its first name
