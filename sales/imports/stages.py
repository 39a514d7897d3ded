"""The stages of a file: which of ours they are, which end the opportunity, and the pipeline made of the others."""

import re
from pathlib import PurePath

from django.utils.translation import gettext_lazy as _

from records.imports.header import fold_header
from records.imports.importables import ValueChoice
from records.imports.load import Load
from records.imports.mapping import Mapping
from records.imports.near import Names
from records.imports.table import Table
from sales.models import Pipeline, Stage

WON, LOST = "won", "lost"
# "stage:<id>" is one of ours; "new" is made in the pipeline of the import.
NEW = "new"
MOST = 60

_WON = re.compile(r"\b(won|win|closed won|gewonnen)\b|赢单|成交|выигр|успешн", re.I)
_LOST = re.compile(r"\b(lost|lose|closed lost|verloren)\b|输单|丢单|流失|проигр|потер|отказ", re.I)
# How far along a stage of this name usually stands; what is unknown keeps the order of the file.
_USUAL = (
    "prospect", "lead", "new", "opportunity", "qualif", "engag", "contact", "discover", "needs", "analysis", "value",
    "decision", "perception", "demo", "proposal", "quote", "negotiat", "review", "contract", "commit",
)  # fmt: skip


def raw_stages(table: Table, mapping: Mapping) -> dict[str, float]:
    """The stage names of the file in their order, with their probability as far as the file tells one."""
    stage = next((column.index for column in mapping.used if column.field == "stage"), None)
    if stage is None:
        return {}
    chance = next((column.index for column in mapping.used if column.field == "probability"), None)
    found: dict[str, list[float]] = {}
    for row in table:
        if name := row.cells[stage]:
            if name not in found and len(found) >= MOST:
                break
            told = found.setdefault(name, [])
            if chance is not None and len(told) < 100 and (number := _percent(row.cells[chance])) is not None:
                told.append(number)
    mean = {name: sum(told) / len(told) if told else -1.0 for name, told in found.items()}
    places = {name: place for place, name in enumerate(found)}
    ordered = sorted(found, key=lambda name: (mean[name] if mean[name] >= 0 else _usual(name), places[name]))
    return {name: mean[name] for name in ordered}


def _percent(text: str) -> float | None:
    try:
        return min(100.0, max(0.0, float(text.strip().rstrip("%").replace(",", "."))))
    except ValueError:
        return None


def _usual(name: str) -> float:
    folded = fold_header(name)
    return next((place * 5.0 for place, word in enumerate(_USUAL) if word in folded), 50.0)


def propose_stages(names: list[str]) -> tuple[dict[str, str], int | None]:
    """What each name means, and the pipeline of ours that knows all open ones, if there is one."""
    ended = {name: WON if _WON.search(name) else LOST for name in names if _WON.search(name) or _LOST.search(name)}
    open_names = [name for name in names if name not in ended]
    for pipeline in Pipeline.objects.active().prefetch_related("stages").order_by("order", "pk"):
        known = Names((stage.pk, stage.name, stage.name_zh, stage.name_ru) for stage in _offered(pipeline))
        meant = {name: known.exact(name) or known.near(name) for name in open_names}
        if open_names and all(len(found) == 1 for found in meant.values()):
            return {**ended, **{name: f"stage:{found[0]}" for name, found in meant.items()}}, pipeline.pk
    return {**ended, **dict.fromkeys(open_names, NEW)}, None


def prepare_stages(load: Load, table_stages: dict[str, float], file_name: str) -> None:
    """Leaves in ``load.memory`` what the rows need: name → (state, stage id), and the pipeline with its stages."""
    chosen = dict(load.mapping.values.get("stage") or {})
    proposed, _pipeline = propose_stages([name for name in table_stages if name not in chosen])
    meanings = _valid({**proposed, **chosen})
    pipeline = _pipeline_of(load, meanings)
    new = [name for name in table_stages if meanings.get(name) == NEW]
    stages: dict[str, int | None] = {}
    if new:
        pipeline, stages = _make(load, pipeline, new, table_stages, file_name)
    for name, meaning in meanings.items():
        if meaning.startswith("stage:"):
            stages[name] = int(meaning.partition(":")[2])
            _note_near(load, name, stages[name])
    pipeline = pipeline or Pipeline.first_choice()
    ordered = [] if pipeline.pk is None else list(pipeline.stages.order_by("order").values_list("pk", flat=True))
    load.memory["stages"] = {name: (_state(meaning), stages.get(name)) for name, meaning in meanings.items()}
    load.memory["ordered"] = ordered or [None]


def _valid(meanings: dict[str, str]) -> dict[str, str]:
    """A stage that is gone since it was chosen, or never was one, is made anew."""
    ours = {f"stage:{pk}" for pk in Stage.objects.values_list("pk", flat=True)}
    return {name: meaning if meaning in ours | {WON, LOST} else NEW for name, meaning in meanings.items()}


def _state(meaning: str) -> str:
    return meaning if meaning in {WON, LOST} else "open"


def _pipeline_of(load: Load, meanings: dict[str, str]) -> Pipeline | None:
    chosen = load.mapping.options.get("pipeline")
    if chosen:
        return Pipeline.objects.filter(pk=chosen).first()
    ours = [int(meaning.partition(":")[2]) for meaning in meanings.values() if meaning.startswith("stage:")]
    if not ours:
        return None
    stage = Stage.objects.select_related("pipeline").filter(pk__in=ours).order_by("pk").first()
    return stage.pipeline if stage else None


def _note_near(load: Load, name: str, stage_id: int | None) -> None:
    stage = Stage.objects.filter(pk=stage_id).first()
    if stage and not Names([(1, stage.name, stage.name_zh, stage.name_ru)]).exact(name):
        load.notes.add("near", field="stage", value=name, match=stage.name)


def _make(
    load: Load, pipeline: Pipeline | None, names: list[str], chances: dict[str, float], file_name: str
) -> tuple[Pipeline, dict[str, int | None]]:
    """Stages that we do not have, at the end of the chosen pipeline or as a pipeline of their own."""
    if pipeline is None:
        title = _title(file_name)
        load.notes.add("new_pipeline", value=title)
        pipeline = Pipeline(name=title, order=200)
    for name in names:
        load.notes.add("new_stage", value=name, match=pipeline.name)
    if load.dry_run:
        return pipeline, dict.fromkeys(names)
    pipeline.save()
    last = pipeline.stages.order_by("-order").values_list("order", flat=True).first() or 0
    made: dict[str, int | None] = {}
    for place, name in enumerate(names, start=1):
        chance = chances[name] if chances[name] >= 0 else 100 * place / (len(names) + 1)
        made[name] = Stage.objects.create(
            pipeline=pipeline, name=name[:200], order=last + place, probability=round(chance)
        ).pk
    return pipeline, made


def _title(file_name: str) -> str:
    words = " ".join(re.split(r"[\s_\-.]+", PurePath(file_name).stem)).strip() or "Import"
    return (words[:1].upper() + words[1:])[:200]


def entered_stage(header: str, names: list[str]) -> str:
    """The stage whose beginning a date column tells: ``"engage_date"`` → ``"Engaging"``; empty for none."""
    words = [word for word in fold_header(header).split() if word not in {"date", "on", "at", "дата", "日期", "время"}]
    if len(words) != 1 or len(words[0]) < 4 or words[0] == fold_header(header):
        return ""
    stem = words[0][: max(4, len(words[0]) - 2)]
    fitting = [name for name in names if fold_header(name).startswith(stem)]
    return fitting[0] if len(fitting) == 1 else ""


def stage_choices(table: Table, mapping: Mapping) -> list[ValueChoice]:
    """For each stage of the file: won, lost, one of ours, or a new one in a pipeline of its own."""
    told = mapping.values.get("stage") or {}
    ends = [(WON, _("Won")), (LOST, _("Lost")), (NEW, _("A new stage"))]
    ours = [
        (str(pipeline), [(f"stage:{stage.pk}", str(stage)) for stage in _offered(pipeline)])
        for pipeline in Pipeline.objects.active().prefetch_related("stages").order_by("order", "pk")
    ]
    return [
        ValueChoice(f"value-stage-{place}", raw, chosen, [("", ends), *ours])
        for place, (raw, chosen) in enumerate(sorted(told.items()))
    ]


def _offered(pipeline: Pipeline) -> list[Stage]:
    """Of the stages that came with it."""
    return [stage for stage in pipeline.stages.all() if not stage.is_retired]
