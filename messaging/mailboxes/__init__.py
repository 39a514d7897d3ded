"""The mailboxes in the settings: which addresses people write to, and what becomes of their messages."""
