from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("images", "0003_photo_keys")]

    operations = [migrations.RenameField("Photo", "made", "rendition_manifest")]
