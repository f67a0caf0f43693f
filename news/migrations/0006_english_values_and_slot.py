"""Stored values are English words; the Indonesian ones are translations of their labels. A front's place is its slot."""

from django.db import migrations, models

ARTICLE_KINDS = {"berita": "news", "opini": "opinion", "rilis": "release", "foto": "photos"}
CORRECTION_KINDS = {"ralat": "erratum", "koreksi": "correction", "hak-jawab": "reply"}


def _rename(apps, model, names):
    rows = apps.get_model("news", model).objects
    for old, new in names.items():
        rows.filter(kind=old).update(kind=new)


def to_english(apps, schema_editor):
    _rename(apps, "Article", ARTICLE_KINDS)
    _rename(apps, "Correction", CORRECTION_KINDS)


def to_indonesian(apps, schema_editor):
    _rename(apps, "Article", {new: old for old, new in ARTICLE_KINDS.items()})
    _rename(apps, "Correction", {new: old for old, new in CORRECTION_KINDS.items()})


class Migration(migrations.Migration):
    dependencies = [("news", "0005_fronts_pages_corrections")]

    operations = [
        migrations.RemoveConstraint("Correction", "correction_kind_known"),
        migrations.RunPython(to_english, to_indonesian),
        migrations.AlterField(
            "Article",
            "kind",
            models.CharField(
                choices=[
                    ("news", "news"),
                    ("feature", "feature"),
                    ("opinion", "opinion"),
                    ("release", "press release"),
                    ("advertorial", "advertorial"),
                    ("photos", "photo story"),
                ],
                default="news",
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            "Correction",
            "kind",
            models.CharField(
                choices=[("erratum", "erratum"), ("correction", "correction"), ("reply", "right of reply")],
                default="erratum",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint("FrontSlot", "front_slot_place_known"),
        migrations.RenameField("FrontSlot", "place", "slot"),
        migrations.AlterField(
            "FrontSlot",
            "slot",
            models.CharField(
                choices=[("breaking", "breaking news strip"), ("lead", "lead"), ("headline", "beside the lead")],
                default="lead",
                max_length=10,
                verbose_name="slot",
            ),
        ),
        migrations.AlterModelOptions(
            "FrontSlot",
            {
                "ordering": ["region__code", "slot", "position", "-starts_at", "pk"],
                "verbose_name": "slot on a front page",
                "verbose_name_plural": "front pages",
            },
        ),
        migrations.AddConstraint(
            "FrontSlot",
            models.CheckConstraint(condition=models.Q(slot__in=["breaking", "lead", "headline"]), name="front_slot_known"),
        ),
        migrations.AddConstraint(
            "Correction",
            models.CheckConstraint(
                condition=models.Q(kind__in=["erratum", "correction", "reply"]), name="correction_kind_known"
            ),
        ),
    ]
