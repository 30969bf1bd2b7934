"""The keyboard of the screen, without a screen."""

from __future__ import annotations

import unicodedata

import pytest

from samples import describe
from tests.person import keyboard
from workbook_templates.regulation import builtin_catalogue


def test_every_letter_has_one_key() -> None:
    typed = [character for key in keyboard.added_keys() for character in key]
    assert len(typed) == len(set(typed))
    assert all(unicodedata.is_normalized("NFC", character) for character in typed)
    assert {"Ệ", "ữ", "Đ", "ỹ", "»"} <= set(typed)
    assert keyboard.keymap().count("key <I") == len(typed) // 2


def test_the_regulations_and_samples_can_be_typed() -> None:
    for regulation in builtin_catalogue().regulations:
        for criterion in regulation.criteria:
            assert keyboard.can_type(criterion.label), criterion.label
    for path in describe.sample_files():
        for task in describe.load(path)["plan"]:
            assert keyboard.can_type(task["task"]), task["task"]


@pytest.mark.parametrize("text", ["e\u0302", "ж", "\t"])
def test_other_characters_cannot(text: str) -> None:
    assert not keyboard.can_type(text)
