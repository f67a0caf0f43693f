from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("adverts", "0001_adverts")]

    operations = [
        migrations.RemoveConstraint("Advert", "advert_words_known"),
        migrations.RenameField("Advert", "place", "slot"),
        migrations.AlterField(
            "Advert",
            "slot",
            models.CharField(
                choices=[("top", "below the masthead"), ("inline", "between stories"), ("story", "below a story")],
                max_length=10,
                verbose_name="slot",
            ),
        ),
        migrations.AddConstraint(
            "Advert",
            models.CheckConstraint(
                condition=models.Q(slot__in=["top", "inline", "story"], kind__in=["house", "paid"]),
                name="advert_words_known",
            ),
        ),
    ]
