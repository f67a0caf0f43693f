from django.db import migrations, models
from django.db.models.functions import Concat


class Migration(migrations.Migration):
    dependencies = [("regions", "0005_masthead_and_accent")]

    operations = [
        migrations.RenameModel("Edition", "Generation"),
        migrations.RenameField("Generation", "place", "region_id"),
        migrations.AlterModelOptions(
            "Generation",
            {"ordering": ["region_id"], "verbose_name": "generation", "verbose_name_plural": "generations"},
        ),
        migrations.AlterConstraint(
            "Region",
            "region_path_ends_with_label",
            models.CheckConstraint(
                condition=models.Q(path__endswith=Concat(models.F("subdomain"), models.Value("/"))),
                name="region_path_ends_with_label",
                violation_error_message="The path does not end with the label: save through regions.services.",
            ),
        ),
    ]
