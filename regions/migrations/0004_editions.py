from django.db import migrations, models
from django.db.models.functions import Now


def begin(apps, schema_editor):
    """A row for what all regions share and for each that is there, due at once: its next change by time is found then."""
    Edition = apps.get_model("regions", "Edition")
    regions = apps.get_model("regions", "Region").objects.values_list("pk", flat=True)
    Edition.objects.bulk_create(Edition(place=place, next_change_at=Now() if place else None) for place in [0, *regions])


class Migration(migrations.Migration):
    dependencies = [("regions", "0003_cache_table")]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("place", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("next_change_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["place"],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
