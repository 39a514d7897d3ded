"""A file of leads may tell how hot they are: that is a rating by hand, and holds for a while."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from leads.models import Lead
from leads.rating_by_hand import HELD_FOR
from records.imports.load import _refuse_to_ask

pytestmark = pytest.mark.django_db


def test_a_rating_in_a_file_is_set_by_hand_and_holds_for_a_while(tmp_path, tess):
    file = tmp_path / "leads.csv"
    file.write_text("Name,E-mail,Rating\nAnn,ann@acme.de,hot\nBen,ben@acme.de,\n", encoding="utf-8")
    call_command("import_records", "leads", str(file), "--as", "tess")
    ann, ben = Lead.objects.order_by("name")
    assert (ann.rating, ann.rating_by_hand) == ("hot", "hot")
    assert abs(ann.rating_until - (timezone.now().date() + HELD_FOR)) <= datetime.timedelta(days=1)
    assert (ben.rating_by_hand, ben.rating_until) == ("", None)


def test_a_question_in_the_middle_of_a_copy_is_an_error_and_no_endless_wait(db):
    with (
        connection.execute_wrapper(_refuse_to_ask),
        pytest.raises(RuntimeError, match="prepare"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1")
