"""Stored values are English words; the Indonesian ones are translations of their labels."""

from django.db import migrations, models

ROLES = {"kontributor": "contributor", "redaktur": "editor", "pemred": "chief_editor"}
ACCENTS = {
    "bata": "brick",
    "kunyit": "marigold",
    "daun": "leaf",
    "danau": "lake",
    "laut": "sea",
    "nila": "indigo",
    "manggis": "mangosteen",
    "kopi": "coffee",
}
ROLE_CHOICES = [
    ("contributor", "contributor"),
    ("reporter", "reporter"),
    ("editor", "editor"),
    ("chief_editor", "chief editor"),
]


def _rename(apps, model, field, names):
    rows = apps.get_model("regions", model).objects
    for old, new in names.items():
        rows.filter(**{field: old}).update(**{field: new})


def to_english(apps, schema_editor):
    for model in ("Assignment", "Invitation"):
        _rename(apps, model, "role", ROLES)
    _rename(apps, "Region", "accent", ACCENTS)


def to_indonesian(apps, schema_editor):
    for model in ("Assignment", "Invitation"):
        _rename(apps, model, "role", {new: old for old, new in ROLES.items()})
    _rename(apps, "Region", "accent", {new: old for old, new in ACCENTS.items()})


class Migration(migrations.Migration):
    dependencies = [("regions", "0006_generations")]

    operations = [
        migrations.RunPython(to_english, to_indonesian),
        *(
            migrations.AlterField(
                model, "role", models.CharField(choices=ROLE_CHOICES, max_length=12, verbose_name="role")
            )
            for model in ("Assignment", "Invitation")
        ),
        migrations.AlterField(
            "Region",
            "accent",
            models.CharField(
                blank=True,
                choices=[
                    ("brick", "brick red"),
                    ("marigold", "turmeric"),
                    ("leaf", "leaf green"),
                    ("lake", "lake blue"),
                    ("sea", "sea green"),
                    ("indigo", "indigo"),
                    ("mangosteen", "mangosteen"),
                    ("coffee", "coffee"),
                ],
                help_text="Empty: that of the region above.",
                max_length=10,
                verbose_name="colour",
            ),
        ),
    ]
