from records.models.alias import Alias
from records.models.attachment import Attachment
from records.models.batch import Batch
from records.models.collaborator import Collaborator
from records.models.dictionary_entry import DictionaryEntry, dictionary_key
from records.models.event import Change, Event
from records.models.file_import import FileImport, RefusedRow, RememberedMapping
from records.models.idempotency_key import IdempotencyKey
from records.models.job_run import JobRun
from records.models.likely_pair import LikelyPair
from records.models.merge_step import MergeStep
from records.models.record import OwnedRecord, Record, RecordQuerySet
from records.models.rule import Rule
from records.models.saved_view import SavedView
from records.models.search_row import SearchRow
from records.models.tag import Tag, Tagging

__all__ = [
    "Alias",
    "Attachment",
    "Batch",
    "Change",
    "Collaborator",
    "DictionaryEntry",
    "Event",
    "FileImport",
    "IdempotencyKey",
    "JobRun",
    "LikelyPair",
    "MergeStep",
    "OwnedRecord",
    "Record",
    "RecordQuerySet",
    "RefusedRow",
    "RememberedMapping",
    "Rule",
    "SavedView",
    "SearchRow",
    "Tag",
    "Tagging",
    "dictionary_key",
]
