"""A record gives back the very submission that it was made of, or says that it cannot."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdcl_xl.checking.check import Checked, check_file, judged, read_cover
from kdcl_xl.checking.record import NewerRecordError, NoLayoutError, RecordError, from_line, to_line
from kdcl_xl.submission.model import Submission
from kdcl_xl.template.issue import stamp_for
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.plan import Plan
from macros_free_validation.values import CellError, Raw
from tests.build import SCHOOL, THCS, TODAY, YEARS, good_task, layout_of, make_plan
from tests.conftest import ROOT
from workbook_templates.regulation import Catalogue, builtin_catalogue

SAMPLES = sorted((ROOT / "samples" / "workbooks").glob("*.xlsx"))
CATALOGUE = builtin_catalogue()

raws = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(("=1+1", "_x0041_", "\x00\n", "Mức 1", " Đạt ")),
    st.builds(CellError, st.sampled_from(("#N/A", "#LẠ!"))),
)
moments = st.none() | st.datetimes(timezones=st.just(UTC)) | st.just(
    datetime(2026, 10, 1, tzinfo=timezone(timedelta(hours=7)))
)  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    form = draw(st.sampled_from(("2018", "2026")))
    layout = layout_of(form)
    tables = {}
    for key in draw(st.sets(st.sampled_from(("plan", "lists", "progress")))):
        sheet = layout.sheet(key)
        fields = st.sampled_from([c.field for c in sheet.columns])
        good = good_task(layout) if key == "plan" else {}
        rows = draw(st.lists(st.dictionaries(fields, raws, max_size=5), max_size=4))
        tables[key] = [{**good, **row} for row in rows]
    fields = st.sampled_from([c.field for c in layout.sheet("cover").cells])
    cover: dict[str, Raw] = draw(st.dictionaries(fields, raws, max_size=5))
    return make_plan(layout, cover=cover, tables=tables)


@st.composite
def checked_plans(draw: st.DrawFn) -> Checked:
    plan = draw(plans())
    stamp = stamp_for(plan.layout, THCS, YEARS[plan.layout.form.id], SCHOOL)
    under = draw(st.lists(st.text(max_size=5), max_size=2))
    submission = Submission(
        Path(draw(st.sampled_from(("a.xlsx", "bản nộp/B.xlsx", "/x/\udcff.xlsx")))),
        "ab" * 32,
        draw(moments),
        stamp,
        plan,
        (),
        draw(moments),
        tuple(under),
    )
    return judged(submission, TODAY)


@settings(max_examples=60, deadline=None)
@given(checked_plans())
def test_what_is_restored_is_the_same(checked: Checked) -> None:
    text = to_line(checked)
    assert text.encode().decode() == text
    assert "\n" not in text
    again = from_line(text, CATALOGUE)
    assert again == checked
    plan, before = again.submission.plan, checked.submission.plan
    assert plan is not None
    assert before is not None
    assert plan.layout is before.layout  # made once, however many schools have it
    assert to_line(again) == text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_restored(path: Path, catalogue: Catalogue) -> None:
    for checked in (check_file(path, catalogue, TODAY), read_cover(path, catalogue)):
        assert from_line(to_line(checked), catalogue) == checked


def test_a_file_that_was_not_read_is_restored(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"%PDF-1.7\n")
    checked = check_file(path, catalogue, TODAY)
    assert checked.findings[0].rule == "KD022"
    assert from_line(to_line(checked), catalogue) == checked
    missing = check_file(tmp_path / "y.xlsx", catalogue, TODAY)
    assert from_line(to_line(missing), catalogue) == missing


def _sample() -> Checked:
    return check_file(SAMPLES[2], CATALOGUE, TODAY)


def test_limits_may_be_others_than_it_was_read_with(catalogue: Catalogue) -> None:
    checked = _sample()
    other = from_line(to_line(checked), catalogue, (("most_due", 3),)).submission.plan
    assert other is not None
    assert dict(other.layout.limits)["most_due"] == 3


def test_whatever_is_changed_is_refused(catalogue: Catalogue) -> None:
    text = to_line(_sample())
    source = random.Random(1)
    for place in (*range(90), *(source.randrange(len(text)) for _ in range(200))):
        other = source.choice([c for c in 'xy"\ud800' if c != text[place]])
        changed = text[:place] + other + text[place + 1 :]
        with pytest.raises(RecordError):
            from_line(changed, catalogue)
    for wrong in ("", "[", "[]", text[:-1], text + " ", text + text):
        with pytest.raises(RecordError):
            from_line(wrong, catalogue)


def test_a_newer_format_is_named(catalogue: Catalogue) -> None:
    text = to_line(_sample())
    with pytest.raises(NewerRecordError, match=r"^2$"):
        from_line(text.replace("[1,", "[2,", 1), catalogue)


def _signed(body: object) -> str:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return f'[1,"{hashlib.sha256(text.encode()).hexdigest()}",{text}]'


def _places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [way] if way else []
    inner: Any = enumerate(value) if isinstance(value, list) else ()
    for key, part in value.items() if isinstance(value, dict) else inner:
        found += _places(part, (*way, key))
    return found


@pytest.mark.slow
def test_a_forged_record_is_restored_or_refused_and_nothing_else(catalogue: Catalogue) -> None:
    """With a sound checksum anything may stand in it: it never makes the tool fail."""
    body = json.loads(to_line(_sample()))[2]
    assert _signed(body) == to_line(_sample())
    source = random.Random(2)
    wrongs: tuple[Any, ...] = (None, True, -1, 10**9, 1.5, "KD001", [], {}, [[]], "x" * 40_000)
    for way in source.sample(_places(body), 250):
        forged = json.loads(json.dumps(body))
        part = forged
        for key in way[:-1]:
            part = part[key]
        part[way[-1]] = source.choice(wrongs)
        try:
            checked = from_line(_signed(forged), catalogue)
        except RecordError:
            continue
        judged(checked.submission, TODAY)


def test_an_unknown_regulation_is_the_finding_of_reading(catalogue: Catalogue) -> None:
    checked = _sample()
    with pytest.raises(NoLayoutError) as error:
        from_line(to_line(checked), Catalogue(()))
    unread = error.value.unread
    assert unread.plan is None
    assert unread.digest == checked.submission.digest
    again = check_file(SAMPLES[2], Catalogue(()), TODAY)
    assert again.submission == unread


def test_stamps_are_kept_whole(catalogue: Catalogue) -> None:
    checked = _sample()
    stamp = checked.submission.stamp
    assert isinstance(stamp, Stamp)
    assert from_line(to_line(checked), catalogue).submission.stamp == stamp


def test_what_no_file_can_hold_is_refused(catalogue: Catalogue) -> None:
    """Whoever forges a record cannot bring what would stop the merge later."""
    body = json.loads(to_line(_sample()))[2]
    plan_at, found_at = 5, 6
    for way, value in (
        ((0,), "a\x00.xlsx"),
        ((0,), "\ud800.xlsx"),
        ((1,), ""),
        ((2,), "9999-12-31T23:59:59-12:00"),
        ((2,), "2026-01-01T00:00:00"),
        ((plan_at, 1, "cover", "signer"), "\ud800"),
        ((plan_at, 1, "cover", "signer"), float("inf")),
        ((plan_at,), None),
    ):
        forged = json.loads(json.dumps(body))
        forged[found_at] = []
        part = forged
        for key in way[:-1]:
            part = part[key]
        part[way[-1]] = value
        text = json.dumps(forged, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        with pytest.raises(RecordError):
            from_line(f'[1,"{digest}",{text}]', catalogue)
