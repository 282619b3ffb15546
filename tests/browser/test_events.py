"""No answer to an event is lost, whenever the page hears that the stream of answers was closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import classified, opened, seen_at

pytestmark = pytest.mark.browser
EVENTS = Path(__file__).parents[2] / "assets" / "events.js"
LATE = """
  const plain = window.fetch;
  window.fetch = async (asked, options) => {
    const got = await plain(asked, options);
    if (!String(asked).includes('/queue/data')) return got;
    const late = new TransformStream({
      async transform(part, out) {
        await new Promise((done) => setTimeout(done, 400));
        out.enqueue(part);
      },
    });
    return new Response(got.body.pipeThrough(late), got);
  };
"""
SERVER = """
  Object.assign(window, { streams: [], heard: '', broken: '' });
  const settled = () => new Promise((done) => setTimeout(done, 20));
  window.fetch = async (asked, options) => {
    if (asked.endsWith('/queue/join')) return Response.json({ event_id: options.event });
    const open = {};
    const body = new ReadableStream({ start: (out) => (open.out = out) });
    streams.push(open);
    return new Response(body);
  };
  window.join = async (event) => {
    await fetch('http://here/queue/join', { event });
    await settled();
  };
  window.listen = async () => {
    const got = await fetch('http://here/queue/data?session_hash=me');
    const reader = got.body.pipeThrough(new TextDecoderStream()).getReader();
    const hear = ({ value, done }) => {
      heard += value ?? '';
      if (!done) next();
    };
    const next = () => reader.read().then(hear, (error) => (broken = error.message));
    next();
  };
  window.say = async (...told) => {
    const { out } = streams.at(-1);
    const lines = told.map(([msg, event = null]) => JSON.stringify({ msg, event_id: event, more: 'ä' }));
    const bytes = new TextEncoder().encode(lines.map((line) => `data: ${line}\\n\\n`).join(''));
    for (let i = 0; i < bytes.length; i += 7) out.enqueue(bytes.slice(i, i + 7));
    await settled();
  };
  window.shut = async (error) => {
    const { out } = streams.at(-1);
    if (error) out.error(new TypeError(error));
    else out.close();
    await settled();
  };
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """One in front of a server that says what it is told to."""
    made = browser.new_page()
    made.add_script_tag(content=SERVER)
    made.add_script_tag(path=EVENTS)
    yield made
    made.close()


def after(page: Page, script: str) -> dict[str, Any]:
    page.evaluate(f"async () => {{ {script} }}")
    found: dict[str, Any] = page.evaluate("() => ({ opened: streams.length, heard, broken })")
    return found


def test_a_page_that_hears_late_of_a_closed_stream_opens_and_answers(desk: BrowserContext, url: str) -> None:
    page = seen_at(desk)
    page.add_init_script(LATE)
    for _ in range(3):
        opened(page, url)
        classified(page, "")


def test_what_was_taken_when_the_stream_had_closed_is_answered_on_another(page: Page) -> None:
    found = after(
        page,
        """await join('a'); await listen(); await say(['process_starts', 'a'], ['process_completed', 'a']);
        await join('b'); await say(['close_stream']); await shut(); await say(['process_completed', 'b']);""",
    )
    assert found["opened"] == 2 and found["broken"] == ""
    told = [line for line in found["heard"].split("\n\n") if line]
    assert [line.split('"')[7] for line in told] == ["a", "a", "b"] and "close_stream" not in found["heard"]
    assert all(line.startswith("data: {") and line.endswith('"ä"}') for line in told)
    assert after(page, "await say(['close_stream']); await shut();")["opened"] == 2
    assert after(page, "await join('c'); await say(['process_completed', 'c']);")["opened"] == 3


def test_an_answer_before_its_number_is_not_waited_for(page: Page) -> None:
    found = after(
        page,
        """await join('a'); await listen(); await say(['process_completed', 'b'], ['process_completed', 'a']);
        await join('b'); await say(['close_stream']); await shut();""",
    )
    assert found["opened"] == 1 and found["heard"].count("process_completed") == 2


def test_one_stream_at_a_time(page: Page) -> None:
    assert after(page, "await join('a'); listen(); join('b'); await join('c'); await join('d');")["opened"] == 1
    found = after(page, "await say(['process_completed', 'a']); await shut(); join('e'); await join('f');")
    assert found["opened"] == 2


@pytest.mark.parametrize("told", ["unexpected_error", "server_stopped"])
def test_a_server_that_knows_nobody_is_not_asked_again(page: Page, told: str) -> None:
    found = after(page, f"await join('a'); await listen(); await say(['{told}']); await shut();")
    assert found["opened"] == 1 and told in found["heard"] and found["broken"] == ""


def test_a_broken_stream_breaks_for_the_page(page: Page) -> None:
    found = after(page, "await join('a'); await listen(); await say(['process_starts', 'a']); await shut('cut');")
    assert found["opened"] == 1 and found["broken"] == "cut"
    again = "await join('b'); await listen(); await say(['process_completed', 'b']); await shut();"
    assert after(page, again)["opened"] == 2


def test_a_stream_on_which_nothing_comes_is_broken(page: Page) -> None:
    found = after(page, "await join('a'); await listen(); await shut();")
    assert found["opened"] == 1 and "nothing came" in found["broken"]
