"""When a live picture may go, against a device of known speed: nothing waits long, and the device never rests."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PACE = Path(__file__).parents[2] / "assets" / "live_pace.js"
DEVICE = """({ every, pass, pictures, lanes }) => {
  const [pace, answers, waits, told] = [new Fovea.LivePace(), [], [], []];
  const free = Array(lanes).fill(0);
  let [now, onWay] = [0, 0];
  while (told.length < pictures) {
    const wait = pace.wait(now, onWay);
    if (answers.length && answers[0].at <= now + wait) {
      const { at, held, around } = answers.shift();
      now = Math.max(now, at);
      onWay -= 1;
      pace.answered(pass, held, around, lanes);
      told.push(now);
      continue;
    }
    now += wait;
    pace.sent(now);
    onWay += 1;
    const arrives = now + 10;
    const lane = free.indexOf(Math.min(...free));
    const begins = Math.max(arrives, free[lane]);
    const ends = (free[lane] = begins + every + 6 * Math.sin(told.length));
    answers.push({ at: ends + 5, held: ends - arrives - pass, around: ends + 5 - now });
    answers.sort((one, other) => one.at - other.at);
    waits.push(begins - arrives);
  }
  const late = waits.slice(pictures / 3);
  const first = Math.floor(pictures / 3);
  return {
    waited: late.reduce((sum, one) => sum + one, 0) / late.length,
    perSecond: (1000 * (told.length - 1 - first)) / (told.at(-1) - told[first]),
  };
}"""


@pytest.mark.parametrize(
    ("every", "passes", "lanes"), [(57, 48, 1), (50, 48, 1), (120, 100, 1), (16, 0, 1), (57, 48, 2), (120, 100, 2)]
)
def test_hardly_a_picture_waits_and_the_device_hardly_rests(
    browser: Browser, every: float, passes: float, lanes: int
) -> None:
    """every: ms from one answer of a lane to its next at best; passes: ms of the network alone, all the page is told.
    Two are on their way, each of them between here and there for 15 ms: so long two lanes rest."""
    page = browser.new_page()
    page.add_script_tag(path=PACE)
    found = page.evaluate(DEVICE, {"every": every, "pass": passes, "pictures": 600, "lanes": lanes})
    page.close()
    best = 1000 / every if lanes == 1 else 2000 / (every + 15)
    assert found["waited"] < 0.25 * every
    assert found["perSecond"] > 0.88 * best


AGES = """(ages) => {
  const pace = new Fovea.LivePace();
  for (let now = 1; now < 1000; now += 20) pace.came(now);
  return ages.map((age) => pace.fresher(age));
}"""


def test_the_older_half_of_a_picture_is_passed_by_for_the_next(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(path=PACE)
    found = page.evaluate(AGES, [0, 9, 11, 19, 25, 31])
    never = page.evaluate("() => new Fovea.LivePace().fresher(5)")
    page.close()
    assert found == [0, 0, 19, 11, 5, 0] and never == 0


CAMERA = """({ every, pass, outside, seconds }) => {
  const pace = new Fovea.LivePace();
  const [free, answers] = [[0, 0], []];
  let [sent, newest, onWay] = [0, null, 0];
  for (let now = 1; now < 1000 * seconds; now += 0.5) {
    if (Math.floor(now / every) > Math.floor((now - 0.5) / every)) {
      pace.came(now);
      newest = now;
    }
    while (answers.length && answers[0].at <= now) {
      const { held, around } = answers.shift();
      onWay -= 1;
      pace.answered(pass, held, around, 2);
    }
    if (newest === null || pace.wait(now, onWay) > 0 || pace.fresher(now - newest) > 0) continue;
    pace.sent(now);
    [newest, onWay, sent] = [null, onWay + 1, sent + 1];
    const arrives = now + outside / 2;
    const lane = free[0] <= free[1] ? 0 : 1;
    const begins = Math.max(arrives, free[lane]);
    const ends = (free[lane] = begins + pass + 4 * Math.sin(now));
    answers.push({ at: ends + outside / 2, held: ends - arrives - pass, around: ends + outside / 2 - now });
    answers.sort((one, other) => one.at - other.at);
  }
  return sent / seconds;
}"""


@pytest.mark.parametrize(("every", "outside"), [(1000 / 60, 20), (1000 / 60, 28), (1000 / 30, 40)])
def test_a_server_faster_than_the_camera_is_given_nearly_every_picture(
    browser: Browser, every: float, outside: float
) -> None:
    """Two passes of 11 ms at once, and `outside` ms of each picture's way between camera, server and stage."""
    page = browser.new_page()
    page.add_script_tag(path=PACE)
    found = page.evaluate(CAMERA, {"every": every, "pass": 11, "outside": outside, "seconds": 10})
    page.close()
    assert found > 0.95 * 1000 / every


FIRST = """() => {
  const pace = new Fovea.LivePace();
  pace.sent(0);
  pace.answered(30, 900, 1000, 2);
  const second = pace.wait(1000, 0);
  pace.sent(1000);
  pace.answered(30, 10, 60, 2);
  pace.sent(1060);
  return [second, pace.wait(1060, 1)];
}"""


def test_a_first_picture_that_waits_for_its_network_holds_no_other_up(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(path=PACE)
    second, third = page.evaluate(FIRST)
    page.close()
    assert second == 0 and 0 < third < 60
