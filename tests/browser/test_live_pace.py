"""When a live picture may go, against a device of known speed: nothing waits long, and the device never rests."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PACE = Path(__file__).parents[2] / "assets" / "live_pace.js"
DEVICE = """({ every, pass, pictures }) => {
  const [pace, answers, waits, told] = [new Fovea.LivePace(), [], [], []];
  let [now, free, onWay] = [0, 0, 0];
  while (told.length < pictures) {
    const wait = pace.wait(now, onWay);
    if (answers.length && answers[0].at <= now + wait) {
      const { at, held, around } = answers.shift();
      now = Math.max(now, at);
      onWay -= 1;
      pace.answered(pass, held, around);
      told.push(now);
      continue;
    }
    now += wait;
    pace.sent(now);
    onWay += 1;
    const arrives = now + 10;
    const begins = Math.max(arrives, free);
    free = begins + every + 6 * Math.sin(told.length);
    answers.push({ at: free + 5, held: free - arrives - pass, around: free + 5 - now });
    waits.push(begins - arrives);
  }
  const late = waits.slice(pictures / 3);
  const first = Math.floor(pictures / 3);
  return {
    waited: late.reduce((sum, one) => sum + one, 0) / late.length,
    perSecond: (1000 * (told.length - 1 - first)) / (told.at(-1) - told[first]),
  };
}"""


@pytest.mark.parametrize(("every", "passes"), [(57, 48), (50, 48), (120, 100), (16, 0)])
def test_hardly_a_picture_waits_and_the_device_hardly_rests(browser: Browser, every: float, passes: float) -> None:
    """every: ms from one answer to the next at best; passes: ms of the network alone, which is all the page is told."""
    page = browser.new_page()
    page.add_script_tag(path=PACE)
    found = page.evaluate(DEVICE, {"every": every, "pass": passes, "pictures": 600})
    page.close()
    assert found["waited"] < 0.25 * every
    assert found["perSecond"] > 0.88 * 1000 / every
