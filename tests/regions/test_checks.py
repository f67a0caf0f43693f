"""Settings that would weaken permissions or cookies stop the start: each system check, allowed and refused."""

import pytest
from django.core import checks

CHECKS = {
    "regions.E003": [
        {"CSRF_TRUSTED_ORIGINS": ["http://*.pekon.web.id"]},
        {"CSRF_TRUSTED_ORIGINS": ["http://redaksi.pekon.web.id", "http://pekon.web.id"]},
        {"CSRF_TRUSTED_ORIGINS": []},
    ],
    "regions.E004": [
        {"SESSION_COOKIE_DOMAIN": ".pekon.web.id"},
        {"CSRF_COOKIE_DOMAIN": "pekon.web.id"},
        {"LANGUAGE_COOKIE_DOMAIN": "pekon.web.id"},
    ],
    "regions.E005": [{"ALLOWED_HOSTS": ["pekon.web.id", "*"]}],
}


def found() -> set[str]:
    return {error.id for error in checks.run_checks() if error.id.startswith("regions.")}


def test_the_projects_own_settings_pass(db):
    assert found() == set()


@pytest.mark.parametrize(("check", "values"), [(check, values) for check, cases in CHECKS.items() for values in cases])
def test_an_unsafe_setting_is_refused(db, settings, check, values):
    for name, value in values.items():
        setattr(settings, name, value)
    assert found() == {check}
