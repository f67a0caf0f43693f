"""A person's own account: django-allauth's views at Indonesian addresses, without those that Pekon does not offer."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from news.newsroom import notice_choices

by_invitation = login_not_required(TemplateView.as_view(template_name="account/signup_closed.html"))

urlpatterns = [
    path("masuk/", views.login, name="account_login"),
    path("keluar/", views.logout, name="account_logout"),
    path("nonaktif/", views.account_inactive, name="account_inactive"),
    path("daftar/", by_invitation, name="account_signup"),  # allauth's mails to unknown addresses link here
    path("pastikan/", views.reauthenticate, name="account_reauthenticate"),
    path("surel/", views.email, name="account_email"),
    path("surel/konfirmasi/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^surel/konfirmasi/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("sandi/", views.password_change, name="account_change_password"),
    path("sandi/buat/", views.password_set, name="account_set_password"),
    path("sandi/lupa/", views.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", views.password_reset_done, name="account_reset_password_done"),
    path("sandi/baru/selesai/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^sandi/baru/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("dua-faktor/", include("allauth.mfa.urls")),
    path("kabar/", notice_choices.page, name="notice_choices"),
    path("sesi/", include("allauth.usersessions.urls")),
]
