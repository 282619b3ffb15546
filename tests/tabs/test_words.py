"""Every text is in one place, and a translator finds all of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from explorer.tabs import words

ROOT = Path(__file__).resolve().parents[2]


def test_every_text_is_offered_for_translation() -> None:
    english = words.i18n().translations["en"]
    assert len(english) == sum(map(len, words.PARTS.values()))
    assert english["sources.camera_open"] == "Use the camera"


def test_a_label_nobody_wrote_is_found_at_once() -> None:
    assert words.label("tools", "link").key == "tools.link"
    with pytest.raises(KeyError):
        words.label("tools", "nothing")


def test_a_sentence_takes_its_values() -> None:
    assert words.say("device", "memory", name="B", memory="24") == "B, 24 GB"


@pytest.mark.parametrize("script", ["page.js", "tools.js", "sources.js", "camera.js", "gallery.js"])
def test_the_scripts_have_no_sentences_of_their_own_and_use_words_that_exist(script: str) -> None:
    text = (ROOT / "assets" / script).read_text()
    known = json.dumps([*words.SOURCES, *words.TOOLS, *words.PAGE, "title", "most", "ways"])
    for key in re.findall(r"\bwords\.(\w+)", text):
        assert f'"{key}"' in known, key
    assert not re.findall(r"(?:textContent|title|placeholder) = '[A-Za-z]", text)


LIVE = ["live.js", "live_panel.js", "live_session.js", "live_shown.js", "live_source.js", "camera_ask.js"]


@pytest.mark.parametrize("script", LIVE)
def test_the_live_view_says_only_what_is_written_down(script: str) -> None:
    text = (ROOT / "assets" / script).read_text()
    for key in re.findall(r"\bwords\.(\w+)", text):
        assert key in {**words.LIVE_CONTROLS, **words.SOURCES}, key
    for key in re.findall(r"\b(?:act|tick)\('(\w+)'", text):
        assert {key, f"{key}_hint"} <= set(words.LIVE_CONTROLS), key
    for key in re.findall(r"'(refused|none|busy|late|insecure|framed)'", text):
        assert f"camera_{key}" in words.SOURCES, key
    assert not re.findall(r"(?:textContent|title|aria-label'?)(?: =|:) '[A-Za-z]", text)


@pytest.mark.parametrize("script", ["stage.js", "layers.js", "controls.js", "exports.js", "hands.js", "pens.js"])
def test_the_stage_says_only_what_is_written_down(script: str) -> None:
    text = (ROOT / "assets" / script).read_text()
    for key in re.findall(r"\b(?:word|heads)\('(\w+)'", text):
        assert key in words.STAGE, key
    assert not re.findall(r"(?:textContent|title|aria-label'?): '[A-Za-z]", text)
