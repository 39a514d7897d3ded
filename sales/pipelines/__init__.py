"""Pipelines, their stages and gates, as sales operations edit them."""
