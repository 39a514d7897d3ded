"""Who gets what at the addresses of duplicates: who merges is olga; who only reads the record is told so."""

from tests.guards.url_matrix import row


def merge_rows(room, record):
    reads = {"alice": 403, "tess": 403, "erin": 403, **({"finn": 403} if room == "customers" else {})}
    return [
        row(f"{room}:duplicates", everybody=403, olga=200),
        row(f"{room}:duplicates_judge", method="post", data={"ids": ["1"]}, everybody=403, olga=302),
        row(f"{room}:duplicates_search", method="post", everybody=403, olga=302),
        row(f"{room}:merge", record, everybody=404, olga=200, **reads),
    ]
