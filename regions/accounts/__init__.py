"""The newsroom's door: what Pekon adds to django-allauth, which does the log-in."""
