"""Pekon's additions to django-allauth, which handles log-in to the newsroom."""
