"""``kdcl-xl rules``: the list of all, what one means, and words that mean nothing."""

from __future__ import annotations

import dataclasses
import json

import pytest

from kdcl_xl.checking.rulebook import RulesReport
from kdcl_xl.checking.settings import rules_named
from kdcl_xl.reporting.report import render
from macros_free_validation.rule import NOTHING, Stage
from macros_free_validation.rules import ALL_RULES, BY_ID
from tests.conftest import Run
from workbook_templates.text import Language

KEYS = {
    "id", "name", "family", "severity", "stage", "preview", "live", "not_live", "title", "message",
    "remedy", "why", "wrong", "right", "forms", "limits", "law", "practice",
}  # fmt: skip


def test_the_list_has_a_line_for_every_rule(run: Run) -> None:
    result = run("rules")
    assert result.exit_code == 0
    heading, *lines = result.output.splitlines()
    assert heading.split()[0] == "Mã"
    assert [line.split()[0] for line in lines] == [rule.id for rule in ALL_RULES]
    for rule, line in zip(ALL_RULES, lines, strict=True):
        assert rule.name in line
        assert rule.severity.label.vi in line
        assert f" {rule.stage} " in line
        assert line.endswith(rule.title.vi)
    column = heading.index("Trên trang")
    live = {line.split()[0]: line[column:].split()[0] for line in lines}
    assert live["KD301"] == "có"
    assert live["KD602"] == "có"
    assert live["KD108"] == "không"
    assert live["KD001"] == "không"
    english = run("--lang", "en", "rules").output
    assert "Error" in english
    assert BY_ID["KD301"].title.en in english


def test_the_list_as_json(run: Run) -> None:
    every = json.loads(run("rules", "--format", "json").output)["rules"]
    assert [entry["id"] for entry in every] == [rule.id for rule in ALL_RULES]
    for entry in every:
        assert set(entry) == KEYS
        assert entry["live"] is (entry["not_live"] is None)
    (one,) = json.loads(run("rules", "leads.missing", "--format", "json").output)["rules"]
    assert one["id"] == "KD301"
    assert one["severity"] == "error"
    assert one["forms"] == ["2018", "2026"]
    english = json.loads(run("--lang", "en", "rules", "KD301", "--format", "json").output)
    assert english["rules"][0]["title"] == BY_ID["KD301"].title.en


@pytest.mark.parametrize("word", ["KD301", "kd301", "leads.missing", "LEADS.MISSING"])
def test_one_rule_is_explained(run: Run, word: str) -> None:
    rule = BY_ID["KD301"]
    said = run("rules", word).output
    lines = said.splitlines()
    assert lines[0] == f"KD301 leads.missing: {rule.title.vi}"
    for words in (rule.message.vi, rule.remedy.vi, "Lỗi", f"{rule.stage} (", "2018, 2026"):
        assert words in said
    assert "Trên trang: có" in said
    assert f"Vì sao: {rule.why.vi}" in said
    assert "Ví dụ chưa đúng: Trang «Kế hoạch»: Chủ trì = (để trống)" in said
    assert "Ví dụ đúng: Trang «Kế hoạch»: Chủ trì = Ban Giám hiệu" in said
    assert f"Căn cứ: {rule.source.vi}" in said


def test_why_a_rule_is_not_live(run: Run) -> None:
    rule = BY_ID["KD108"]
    assert rule.not_live is not None
    assert f"Trên trang: không. {rule.not_live.vi}" in run("rules", "KD108").output
    read = run("rules", "KD801").output
    assert "Trên trang: không." in read
    assert "{" not in read
    assert "…" in read


def test_a_family_and_the_start_of_an_id(run: Run) -> None:
    leads = [rule.id for rule in ALL_RULES if rule.family == "leads"]
    for word in ("leads", "KD3"):
        lines = run("rules", word).output.splitlines()
        assert [line.split()[0] for line in lines if line.startswith("KD")] == leads
    both = run("rules", "KD301", "leads").output
    assert both.count("KD301 ") == 1
    assert rules_named("KD") == ALL_RULES
    assert rules_named("") == ()
    assert rules_named("KD3011") == ()


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("KD399", "KD301"),
        ("KD4O6", "KD406"),
        ("leads.mising", "leads.missing"),
        ("laeds", "leads"),
        ("zzzzzzzz", "xem lệnh rules"),
    ],
)
def test_an_unknown_word_is_one_line(run: Run, word: str, near: str) -> None:
    result = run("rules", word)
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert f"«{word}»" in result.stderr
    assert near in result.stderr
    assert f"'{word}'" in run("--lang", "en", "rules", word).stderr


def test_every_rule_can_be_explained() -> None:
    for language in Language:
        for rule in ALL_RULES:
            said = render(RulesReport((rule,), language, is_explained=True), "text")
            assert "{" not in said
            assert said.endswith("\n")
            assert all(line.strip() for line in said.splitlines())
        report = RulesReport(ALL_RULES, language)
        assert json.loads(render(report, "json"))
        assert len(render(report, "text").splitlines()) == len(ALL_RULES) + 1


def test_trial_and_stage_are_told() -> None:
    rule = dataclasses.replace(
        BY_ID["KD301"], stage=Stage.DRAFT, preview="9.0.0", law=(), practice=NOTHING
    )
    said = render(RulesReport((rule,), Language.VI, is_explained=True), "text")
    assert "Giai đoạn: draft (khi đang soạn)" in said
    assert "Mức độ: Lỗi (thử nghiệm" in said
    assert "Căn cứ" not in said
