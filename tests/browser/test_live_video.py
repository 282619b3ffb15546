"""A whole video through the page: sent, processed, watched."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Watched, opened, seen_at
from tests.films import film

pytestmark = pytest.mark.browser
LENGTH = (
    "() => { const v = document.querySelector('[data-testid=video-film]'); return v.readyState > 0 ? v.duration : 0; }"
)


def test_a_video_is_sent_processed_and_played(desk: BrowserContext, url: str, tmp_path: Path) -> None:
    page = seen_at(desk)
    watched = Watched(page)
    opened(page, f"{url}?tab=live")
    page.locator("#live-video").get_by_text("Process a whole video").click()
    process = page.locator("#video-process")
    expect(process).to_be_disabled()
    picked = page.get_by_test_id("video-picked")
    (tmp_path / "notes.mp4").write_text("ffconcat version 1.0\nfile secret.mp4\n")
    page.get_by_test_id("video-input").set_input_files(tmp_path / "notes.mp4")
    expect(picked).to_contain_text("names other files")
    expect(process).to_be_disabled()
    path = film(tmp_path / "walk.mp4", 12, (120, 160), sound="aac", seconds=1.2)
    page.get_by_test_id("video-input").set_input_files(path)
    expect(picked).to_contain_text("walk.mp4: MP4, 160 × 120, 1.2")
    expect(picked).to_contain_text("with sound")
    expect(process).to_be_enabled()
    process.click()
    made = page.get_by_test_id("video-made")
    expect(made).to_have_attribute("data-frames", "12")
    expect(made).to_contain_text("12 pictures in, 12 out")
    page.wait_for_function(LENGTH)
    assert page.evaluate(LENGTH) == pytest.approx(1.2, abs=0.1)
    with page.expect_download() as saved:
        page.get_by_test_id("video-save").click()
    assert saved.value.suggested_filename == "walk-fovea.mp4"
    source = page.get_by_test_id("video-film").evaluate("video => video.src")
    assert page.request.get(source).status == 200
    assert all("415" in error for error in watched.errors)
    page.close()
    later = desk.new_page()
    for _ in range(100):
        if later.request.get(source).status == 404:
            break
        later.wait_for_timeout(100)
    assert later.request.get(source).status == 404  # gone with the page
