from tests.guards.url_matrix import row


def wrong_link(people):
    return {"uidb64": "MQ", "token": "wrong"}


ROWS = [
    row("accounts:login", everybody=302, anonymous=200),
    row("accounts:logout", method="post", everybody=302),
    row("accounts:profile"),
    row("accounts:password_change"),
    row("accounts:confirm"),
    row("accounts:preferences", method="post", everybody=302, anonymous=302),
    row("accounts:password_reset", anonymous=200),
    row("accounts:password_reset_sent", anonymous=200),
    row("accounts:password_reset_confirm", wrong_link, anonymous=200),
    row("accounts:invitation", wrong_link, anonymous=200),
    row("accounts:setup", lambda people: {"token": "wrong"}, everybody=410, anonymous=410),
]
