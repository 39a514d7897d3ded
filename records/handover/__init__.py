"""Handover: everything that a leaver holds goes to her heirs as one batch (PRODUCT §1)."""
