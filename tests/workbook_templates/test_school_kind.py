"""Kinds of school: the names that people write, and what a file may declare."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.build import KINDS
from tests.conftest import ROOT
from workbook_templates.regulation import (
    Catalogue,
    CatalogueError,
    load_catalogue,
    load_regulation,
)
from workbook_templates.school_kind import Receiver, SchoolKind

OWN = (ROOT / "tests" / "fixtures" / "truong-nang-khieu.toml").read_text("utf-8")

UNDERSTOOD = {
    "mam_non": ("MN", "MG", "Mẫu giáo", "Nhà trẻ", "Trường mầm non", "mam-non", "Mầm non tư thục"),
    "tieu_hoc": ("TH", "Trường Tiểu học", "cấp 1", "PTDTBT Tiểu học", "tieu hoc"),
    "thcs": ("Trường THCS", "T.H.C.S.", "Trung học cơ sở", "PTDTNT THCS", "PTDTBT - THCS",
             "Cấp II"),
    "thpt": ("THPT", "PTTH", "chuyên", "Trường THPT chuyên", "Trung học phổ thông", "PTDTNT THPT"),
    "th_thcs": ("TH&THCS", "TH-THCS", "Tiểu học và THCS", "PTCS", "PTDTBT TH và THCS",
                "Tiểu học và Trung học cơ sở", "THCS, TH", "Liên cấp TH - THCS"),
    "thcs_thpt": ("THCS&THPT", "THCS - THPT", "cấp 2-3", "PTDTNT THCS và THPT"),
    "th_thcs_thpt": ("TH-THCS-THPT", "Tiểu học, THCS và THPT", "Phổ thông TH+THCS+THPT"),
    "nhieu_cap_hoc": ("liên cấp", "Phổ thông nhiều cấp học", "Trường phổ thông có nhiều cấp học",
                      "nhieu_cap_hoc"),
    "gdtx": ("GDTX", "TT GDNN-GDTX", "Trung tâm GDTX", "trung tâm giáo dục thường xuyên",
             "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNDERSTOOD)
def test_names_are_understood_as_people_write_them(catalogue: Catalogue, kind: str) -> None:
    for name in (*UNDERSTOOD[kind], *KINDS[kind].names):
        bare = "".join(c for c in unicodedata.normalize("NFD", name) if ord(c) < 0x300)
        for text in (
            name, name.upper(), name.lower(), unicodedata.normalize("NFD", name), f"  {name}. ",
            name.replace(" ", "   "), bare.replace("Đ", "D").replace("đ", "d"),
        ):  # fmt: skip
            found = catalogue.read_kind(text)
            assert found == KINDS[kind], (text, found)


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("PTDTNT", {"thcs", "thcs_thpt", "thpt"}),
        ("Phổ thông dân tộc bán trú", {"tieu_hoc", "th_thcs", "thcs"}),
        ("PTDTNT Hoa Sen", {"thcs", "thcs_thpt", "thpt"}),
        ("PTDTNT tiểu học", {"thcs", "thcs_thpt", "thpt"}),
        ("trung học", {"thcs", "thcs_thpt", "thpt"}),
        ("Trường THCS Hoa Sen", {"thcs"}),
        ("Mầm non - Tiểu học", {"mam_non", "tieu_hoc"}),
        ("Tiểu hcọ", {"tieu_hoc"}),
        ("đại học", set(KINDS)),
        ("", set(KINDS)),
    ],
)
def test_an_unclear_name_is_asked_about(
    catalogue: Catalogue, text: str, possible: set[str]
) -> None:
    found = catalogue.read_kind(text)
    assert not isinstance(found, SchoolKind)
    assert {kind.id for kind in found.possible} == possible
    for kind in found.possible:
        assert f"«{kind.short}»" in found.problem.vi
        assert f"'{kind.short}'" in found.problem.en
        assert catalogue.read_kind(kind.short) == kind  # the proposed spelling is understood
    assert (f"«{text}»" in found.problem.vi) is bool(text)


def test_who_receives_the_plans(catalogue: Catalogue) -> None:
    """Thông tư 45/2026: the commune up to lower secondary, the province above and for GDTX."""
    received = {kind.id: kind.receiver for kind in catalogue.kinds}
    commune = {"mam_non", "tieu_hoc", "thcs", "th_thcs"}
    province = {"thpt", "thcs_thpt", "th_thcs_thpt", "gdtx"}
    assert {k for k, r in received.items() if r is Receiver.COMMUNE} == commune
    assert {k for k, r in received.items() if r is Receiver.PROVINCE} == province
    assert received["nhieu_cap_hoc"] is Receiver.UNKNOWN


def test_an_own_file_brings_a_kind_and_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(OWN, "utf-8")
    known = load_catalogue(tmp_path)  # a folder is read too
    kind = known.read_kind("Trường Năng khiếu nghệ thuật")
    assert isinstance(kind, SchoolKind)
    assert (kind.id, kind.levels, kind.head.vi) == ("nang_khieu", ("nang_khieu",), "Viện trưởng")
    assert known.read_kind("THCS") == KINDS["thcs"]


def test_an_own_file_may_rename_a_kind_of_ours_everywhere(tmp_path: Path) -> None:
    own = OWN.replace('id = "nang_khieu"', 'id = "gdtx"').replace('["nang_khieu"]', '["gdtx"]')
    (tmp_path / "a.toml").write_text(own, "utf-8")
    known = load_catalogue(tmp_path / "a.toml")
    centre = known.get("tt57-2026-gdtx")
    assert centre is not None
    assert centre.kinds[0].label.vi == "Trường năng khiếu"
    assert len(known.kinds) == len(KINDS)


def test_a_file_of_before_that_only_names_kinds_is_still_read(tmp_path: Path) -> None:
    """Files of authorities from before kinds were declared hold ids and one confidence."""
    old = OWN[: OWN.index("[[school_kinds]]")] + OWN[OWN.index("[[standards]]") :]
    found = load_regulation(old.replace("nang_khieu", "thcs"), "own.toml")
    assert found.kinds == (KINDS["thcs"],)
    assert {entry.source.vi for entry in found.certainty} == {"Đặt ra để thử."}


@pytest.mark.parametrize(
    ("old", "new", "needle"),
    [
        ('aliases = ["NK"', 'aliases = ["Trường THCS"', "aliases"),
        ('aliases = ["NK"', 'aliases = ["Trường"', "aliases"),
        ('receiver = "province"', 'receiver = "ministry"', "receiver"),
        ('id = "nang_khieu"', 'id = "Năng khiếu"', 'id = "Năng'),
        ('head = "Viện trưởng"', "head = 3", "head = 3"),
        ('kinds = ["nang_khieu"]', 'kinds = ["nghe_thuat"]', "kinds ="),
        ('confidence = "low"\n', "", "id ="),
        ('units = ["Khoa', 'unit = ["Khoa', "unit ="),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_line(old: str, new: str, needle: str) -> None:
    broken = OWN.replace(old, new, 1)
    assert broken != OWN
    with pytest.raises(CatalogueError) as caught:
        load_regulation(broken, "own.toml")
    lines = [n for n, line in enumerate(broken.splitlines(), 1) if line.startswith(needle)]
    assert caught.value.line == lines[0]
