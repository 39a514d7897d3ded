from tests.guards.url_matrix import row


def wrong_link(people):
    return {"uidb64": "MQ", "token": "wrong"}


def bob(people):
    return {"pk": people["bob"].pk}


def on_for_bob(people):
    return {"person": people["bob"].pk, "on": "1"}


ROWS = [
    row("accounts:login", everybody=302, anonymous=200),
    row("accounts:logout", method="post", everybody=302),
    row("accounts:profile"),
    row("accounts:duty"),
    row("accounts:duty_of", bob, everybody=404, bob=200, tess=200, olga=200),
    row("accounts:duty_switch", method="post", data=on_for_bob, everybody=404, bob=302, tess=302, olga=302),
    row("accounts:duty_plan", method="post", data=on_for_bob, everybody=404, bob=302, tess=302, olga=302),
    row("accounts:duty_cancel", method="post", data=on_for_bob, everybody=404, bob=302, tess=302, olga=302),
    row("accounts:password_change"),
    row("accounts:confirm"),
    row("accounts:preferences", method="post", everybody=302, anonymous=302),
    row("accounts:password_reset", anonymous=200),
    row("accounts:password_reset_sent", anonymous=200),
    row("accounts:password_reset_confirm", wrong_link, anonymous=200),
    row("accounts:invitation", wrong_link, anonymous=200),
    row("accounts:setup", lambda people: {"token": "wrong"}, everybody=410, anonymous=410),
]
