from django.urls import path

from accounts import duty_views, views

app_name = "accounts"
PREFIX = ""

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("profile/", views.profile, name="profile"),
    path("profile/password/", views.PasswordChange.as_view(), name="password_change"),
    path("profile/confirm/", views.confirm_password, name="confirm"),
    path("profile/duty/", duty_views.page, name="duty"),
    path("profile/duty/<int:pk>/", duty_views.page, name="duty_of"),
    path("profile/duty/switch/", duty_views.switch, name="duty_switch"),
    path("profile/duty/plan/", duty_views.plan, name="duty_plan"),
    path("profile/duty/cancel/", duty_views.cancel, name="duty_cancel"),
    path("preferences/", views.preferences, name="preferences"),
    path("password/", views.PasswordReset.as_view(), name="password_reset"),
    path("password/sent/", views.PasswordResetSent.as_view(), name="password_reset_sent"),
    path("password/<uidb64>/<token>/", views.PasswordResetConfirm.as_view(), name="password_reset_confirm"),
    path("invitation/<uidb64>/<token>/", views.Invitation.as_view(), name="invitation"),
    path("setup/<token>/", views.setup, name="setup"),
]
