"""How many pictures and how many visitors a live view takes."""

from __future__ import annotations

import time

from explorer.web.live_limits import Guests, LiveLimits, Pace


def test_a_bucket_lets_a_burst_through_and_then_so_many_a_second() -> None:
    pace = Pace(20)
    assert sum(pace.allows() for _ in range(50)) == 20 and not pace.flood
    time.sleep(0.25)
    assert 4 <= sum(pace.allows() for _ in range(50)) <= 8
    for _ in range(100):
        pace.allows()
    assert pace.flood
    assert all(Pace(0).allows() for _ in range(10_000))


def test_guests_come_and_go() -> None:
    guests = Guests(LiveLimits(a_visitor=1, in_all=2))
    assert guests.enter() and guests.enter() and not guests.enter()
    guests.leave()
    assert guests.enter()
    assert guests.seat("a") and not guests.seat("a") and guests.seat("b")
    guests.rise("a")
    assert guests.seat("a")
