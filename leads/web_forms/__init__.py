"""Forms on web sites that make leads: built on our pages, filled in by anybody at ``/f/<key>/``.

A post is stored and thanked for alike, whoever sent it (``receive``); a job makes the lead or joins it to an open one
(``take``). The public pages use no session: they neither read who is signed in nor act for her, so a post from another
site can do nothing that its sender could not do himself, and needs no CSRF token.
"""
