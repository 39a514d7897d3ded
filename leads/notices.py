"""What this room tells people in notices; the words are rendered when they are read."""

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from leads.hand_on import NOTICE
from messaging.notices import NoticeKind, notice_kinds


def add_notice_kinds() -> None:
    notice_kinds.add(NOTICE, NoticeKind("arrows-split", _words, _page))


def _words(notice: Any) -> str:
    return ngettext(
        "%(count)d lead came back to the queue: everybody had it and nobody contacted it in time",
        "%(count)d leads came back to the queue: everybody had them and nobody contacted them in time",
        notice.count,
    ) % {"count": notice.count}


def _page(_notice: Any) -> str:
    return f"{reverse('leads:list')}?work=returned"
