from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_first")]

    operations = [
        migrations.RenameField("citation", "said", "canonical_text"),
        migrations.RenameField("citation", "made", "created_at"),
    ]
