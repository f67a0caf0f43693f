"""Which columns cards and pages read. A new column of an article or a photo goes on one of their lists, or on ours."""

import pytest

from news.demo import builders
from news.images.models import Photo
from news.models import Article
from news.models.querysets import CARD_COLUMNS, PHOTO_CARD_COLUMNS, PHOTO_PAGE_COLUMNS

NOT_ON_CARDS = set(
    "body corrected_at created_at created_by dateline embargo_until expires_at is_unverified lead_caption lead_credit "
    "sign_off source_key status updated_at version".split()
)
NOT_ON_PAGES_OF_PHOTOS = set(
    "created_at file_type focus_x focus_y is_decorative is_shared original people place previous_key rights_note "
    "sha256 taken_on uploaded_by usable_until waiting".split()
)
NOT_ON_CARDS_OF_PHOTOS = NOT_ON_PAGES_OF_PHOTOS | {"alt", "caption", "credit", "region"}


@pytest.mark.parametrize(
    ("model", "shown", "left_out", "where"),
    [
        (Article, CARD_COLUMNS, NOT_ON_CARDS, "CARD_COLUMNS"),
        (Photo, PHOTO_CARD_COLUMNS, NOT_ON_CARDS_OF_PHOTOS, "PHOTO_CARD_COLUMNS"),
        (Photo, PHOTO_PAGE_COLUMNS, NOT_ON_PAGES_OF_PHOTOS, "PHOTO_PAGE_COLUMNS"),
    ],
)
def test_every_column_is_shown_or_left_out_on_purpose(model, shown, left_out, where):
    columns = {field.name for field in model._meta.concrete_fields}
    new = columns - {*shown} - left_out
    assert not new, f"{sorted(new)}: shown to readers? Then name them in {where}, and otherwise here as left out"
    assert {*shown} | left_out == columns
    assert not {*shown} & left_out


@pytest.mark.parametrize(
    ("verb", "left_out", "left_out_of_photo"),
    [("with_card_columns", NOT_ON_CARDS, NOT_ON_CARDS_OF_PHOTOS), ("with_page_columns", set(), NOT_ON_PAGES_OF_PHOTOS)],
)
def test_what_is_left_out_is_not_read(tree, verb, left_out, left_out_of_photo):
    photo = Photo.objects.create(region=tree.payakumbuh, width=900, height=600, rendition_key="a" * 32)
    builders.make_live(tree.payakumbuh, lead_photo=photo)
    article = getattr(Article.objects.all(), verb)().get()
    assert article.get_deferred_fields() == {Article._meta.get_field(name).attname for name in left_out}
    assert article.lead_photo.get_deferred_fields() == {
        Photo._meta.get_field(name).attname for name in left_out_of_photo
    }
