"""What stands above the list of addresses at /api/v1/docs."""

GUIDE = """
A program works here as a person: its token acts as its user, within the same reach and by the same rules as the pages.

**Token.** `manage.py api_token USERNAME --scope read|write` prints one. Send it as `Authorization: Bearer <token>`.

**Lists.** `GET /api/v1/customers?q=acme&sort=name&limit=50` answers `{"items": […], "next": "…"}`. Ask for the next
page with `cursor=<next>` and otherwise the same; `"next": null` is the end. `limit` is at most 200; `sort=-name` turns
the order. Unknown filters are refused.

**Create.** `POST /api/v1/leads` with `{"name": "Maria Sommer", "email": "maria@example.com"}` answers 201. With an
`Idempotency-Key` of your own a repeat, however soon, gets the first answer and makes nothing; keys are kept for a day.

**Change.** `PATCH /api/v1/leads/7` with `If-Match: 3` and only the fields that change. 428 without `If-Match`, 412 when
somebody else was faster: read the record again.

**Verbs.** `POST /api/v1/leads/7/lose` with `{"reason": "no_need", "note": "bought elsewhere"}`. A reason is a code of
the dictionary, or text: the words of an entry, or your own, which are kept in the note. What the state forbids is 409,
with `reason`, `state` and the verbs that are `allowed`.

**People.** `POST /api/v1/users` with `{"name": "Mia Berg", "email": "mia@example.com"}` enters somebody without role
and password; `POST /api/v1/users/7/invite` sends the link where she chooses one. `DELETE` deactivates: nobody is ever
deleted. A token gives no role, and of somebody who has one it changes neither e-mail address nor user name and does
not bring her back (409, `confirmation`): that is done in the administration, where the password is asked.

**Values.** Times are RFC 3339 in UTC, dates `2026-01-31`, money `{"amount": "12.50", "currency": "EUR"}`. Entries of
the dictionary are their codes, other records their numbers. Unknown fields are refused (422).

**Errors.** `application/problem+json` in the language of `Accept-Language`: 401 no valid token, 403 not allowed, 404
not there or out of reach, 409 refused, 412, 413, 422 with `errors` by field, 428, 429 too often (`Retry-After`).
"""
