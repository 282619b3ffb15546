"""Words of every script a class name may be in, and words that must fit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.drawing.letters import WEIGHT, cut, letters, wrapped


@pytest.mark.parametrize("text", ["é", "ß", "ł", "Ж", "Ω", "中", "本", "한", "א", "…", "≥", "→"])
def test_letters_beyond_ascii_are_no_question_marks(text: str) -> None:
    drawn, unknown = letters(text, 24), letters("?", 24)
    assert drawn.max() > 200
    assert drawn.shape != unknown.shape or not np.array_equal(drawn, unknown)


@pytest.mark.parametrize("size", [10, 12, 16, 20, 36, 100])
def test_a_line_is_as_high_as_every_other_and_cuts_no_accents_and_tails(size: int) -> None:
    assert len({letters(text, size).shape[0] for text in ("a", "Åg", "中", "", "_")}) == 1
    sheet = np.zeros((3 * size, 20 * size), np.uint8)
    cv2.putText(sheet, "ÅÉgj|()中", (size, 2 * size), (255,), cv2.FontFace("sans"), size, WEIGHT)
    assert letters("ÅÉgj|()中", size).sum(dtype=int) == sheet.sum(dtype=int)


def test_letters_are_wide_enough_for_the_last() -> None:
    once, padded = letters("Wagon W", 18), letters("Wagon W |", 18)
    assert np.array_equal(once, padded[:, : once.shape[1]])


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "\ud800", "a\nb", "\u202e", "x" * 5000])
def test_odd_texts_are_one_line_or_nothing(text: str) -> None:
    assert letters(text, 16).shape[0] == letters("a", 16).shape[0]
    assert letters(text, 16).shape[1] < 200 * 16
    assert cut(text, 16, 9999).isprintable()


@given(st.text(max_size=40), st.integers(0, 200))
def test_what_is_cut_fits(text: str, room: int) -> None:
    short = cut(text, 14, room)
    assert letters(short, 14).shape[1] <= room
    assert short.endswith("…") or short in ("", " ".join(text.split())) or len(short) <= len(text)


def test_a_cut_takes_no_more_than_it_must() -> None:
    text = "American Staffordshire terrier"
    full = letters(text, 14).shape[1]
    assert cut(text, 14, full) == text
    short = cut(text, 14, full - 1)
    assert short.endswith("…") and text.startswith(short[:-1]) and len(short) >= len(text) - 2
    assert cut(text, 14, 2) == ""


def test_words_are_wrapped_between_words() -> None:
    text = "of any other picture its answer means nothing"
    room = letters("of any other picture", 12).shape[1]
    lines = wrapped(text, 12, room)
    assert " ".join(lines) == text and len(lines) == 3 and lines[0] == "of any other picture"
    assert all(letters(line, 12).shape[1] <= room for line in lines)
    assert wrapped("", 12, 100) == []


def test_many_threads_draw_the_same() -> None:
    jobs = [(text, size) for text in ("person 97%", "Жёлтый", "中文 bus") for size in (12, 17, 23)]
    wanted = [letters(*job) for job in jobs]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            got = pool.map(lambda job: letters(*job), jobs)
            assert all(np.array_equal(a, b) for a, b in zip(got, wanted, strict=True))
