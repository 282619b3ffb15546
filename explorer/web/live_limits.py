"""What one visitor's live sources may take, and who is counted as one."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class LiveLimits:
    """frame_bytes: of one message; a_second: messages, in a burst and sustained, 0 for no cap; a_visitor, in_all:
    sockets, 0 for no cap; silence_s, sending_s: how long a peer may say nothing, or take nothing, until it is taken for
    gone."""

    frame_bytes: int = 1_500_000
    a_second: int = 75
    a_visitor: int = 4
    in_all: int = 256
    silence_s: float = 15.0
    sending_s: float = 5.0


OWNER = LiveLimits(a_second=0, a_visitor=0)
"""On localhost the only visitor is the owner."""


class Pace:
    """A bucket of messages that refills as it may be emptied; who goes on far above that is a flood."""

    PATIENCE_S = 4
    """Seconds' worth of messages over the limit until it is a flood."""

    def __init__(self, a_second: int) -> None:
        self._rate = a_second
        self._left, self._over = float(a_second), 0.0
        self._since = time.monotonic()

    def allows(self) -> bool:
        """Whether one more message may be worked on."""
        if not self._rate:
            return True
        now = time.monotonic()
        gained, self._since = (now - self._since) * self._rate, now
        self._left = min(self._left + gained, float(self._rate))
        self._over = max(self._over - gained, 0.0)
        if self._left >= 1:
            self._left -= 1
            return True
        self._over += 1
        return False

    @property
    def flood(self) -> bool:
        return self._over > self._rate * self.PATIENCE_S


class Guests:
    """How many sockets there are, in all and for each visitor."""

    def __init__(self, limits: LiveLimits) -> None:
        self._limits = limits
        self._of: Counter[str] = Counter()
        self.present = 0

    def enter(self) -> bool:
        """Whether there is room for one more; then it is counted."""
        if self._limits.in_all and self.present >= self._limits.in_all:
            return False
        self.present += 1
        return True

    def leave(self) -> None:
        self.present -= 1

    def seat(self, visitor: str) -> bool:
        """Whether this visitor may have one more; then it is counted."""
        if self._limits.a_visitor and self._of[visitor] >= self._limits.a_visitor:
            return False
        self._of[visitor] += 1
        return True

    def rise(self, visitor: str) -> None:
        self._of[visitor] -= 1
        if self._of[visitor] <= 0:
            del self._of[visitor]
