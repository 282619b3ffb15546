"""One live view: what its browser sends is answered while newer pictures come."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from explorer.contract import Engine, Live
from explorer.drawing.wire import as_text, pane_json
from explorer.errors import BadPicture, ExplorerError, Stopped
from explorer.records.frame import Frame
from explorer.records.live import Answered
from explorer.records.question import Progress
from explorer.sources.image import Limits, read_image
from explorer.web.live_limits import Guests, LiveLimits, Pace
from explorer.web.live_subject import DOMAIN, Subject, find

TEXT_LIMIT = 4096
MOST_NOTES, MOST_ANSWERS = 32, 2
"""Sentences, and answers, that may wait for a slow reader; two pictures of one view may be answered at once."""
JPEG = b"\xff\xd8\xff"
STOPPING = "The server stops: start it again, and this view goes on."
SILENT = "Nothing came for a while, so this view was closed: start it again."
SLOW = "This connection takes nothing any more, so this view was closed: start it again."
LARGE = "A picture may have 1.5 MB here: choose a smaller resolution."
FLOOD = "More pictures came than this server takes from one: close other live views."
MANY = "This visitor has as many live views as one may: close another."
NONSENSE = "That is no message of a live view: reload the page."
CAME = "the live picture"


class Session:
    """One socket. Implements `contract.Hears`, from the engine's threads; everything else runs on the event loop."""

    def __init__(self, socket: WebSocket, engine: Engine, limits: LiveLimits, guests: Guests) -> None:
        self._socket, self._engine, self._limits, self._guests = socket, engine, limits, guests
        self._loop = asyncio.get_running_loop()
        self._pace = Pace(limits.a_second)
        self._pictures = Limits(max_bytes=limits.frame_bytes, max_pixels=4_000_000, jpeg_pixels=4_000_000)
        self._notes: deque[str] = deque(maxlen=MOST_NOTES)
        self._answers: deque[str] = deque(maxlen=MOST_ANSWERS)
        self._something = asyncio.Event()
        self._ending: tuple[int, str] | None = None
        self._visitor = ""
        self._live: Live | None = None
        self._early: tuple[int, bytes] | None = None
        self._subject: Subject | None = None
        self._wanted: dict[str, str] | None = None
        self._another = asyncio.Event()
        self._over = False
        self.gone = asyncio.Event()

    async def serve(self) -> None:
        """Until either side ends it."""
        preparing = asyncio.create_task(self._prepare())
        both = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.shield(self._leave(preparing))

    async def _leave(self, preparing: asyncio.Task[None]) -> None:
        self._over, self._wanted = True, None
        self._another.set()
        await preparing  # a thread of its own may be about to begin a live source
        if self._live is not None:
            await asyncio.to_thread(self._live.close)
        if self._visitor:
            self._guests.rise(self._visitor)
        self.gone.set()

    def end(self, code: int, why: str) -> None:
        """Say why, then close."""
        self._ending = self._ending or (code, why)
        self._something.set()

    # what comes

    async def _receive(self) -> None:
        try:
            async with asyncio.timeout(self._limits.silence_s) as patience:
                while self._ending is None:
                    message = await self._socket.receive()
                    patience.reschedule(self._loop.time() + self._limits.silence_s)
                    if message["type"] != "websocket.receive":
                        return
                    data, text = message.get("bytes"), message.get("text")
                    if data is not None:
                        self._frame(data)
                    elif text is not None:
                        self._said(text)
        except TimeoutError:
            self.end(1001, SILENT)
        await asyncio.Event().wait()  # the sender says goodbye and ends

    def _frame(self, data: bytes) -> None:
        if len(data) > self._limits.frame_bytes:
            self.end(1009, LARGE)
        elif not self._pace.allows():
            if self._pace.flood:
                self.end(1008, FLOOD)
        elif len(data) < 5:
            self.end(1003, NONSENSE)
        else:
            self._early = int.from_bytes(data[:4], "big"), data[4:]
            self._offer()

    def _offer(self) -> None:
        """The newest picture, also one that came before there was anybody to ask."""
        if self._live is not None and self._early is not None:
            number, content = self._early
            self._early = None
            self._live.offer(number, content)

    def _said(self, text: str) -> None:
        if not self._pace.allows():
            if self._pace.flood:
                self.end(1008, FLOOD)
            return
        try:
            if len(text) > TEXT_LIMIT:
                raise ValueError
            said = json.loads(text)
            if not isinstance(said, dict):
                raise ValueError
            asked = said.get("ask")
            if not isinstance(asked, dict | None) or not all(isinstance(one, str) for one in (asked or {}).values()):
                raise ValueError
        except (ValueError, RecursionError):
            self.end(1003, NONSENSE)
            return
        if asked is not None:
            self._ask(asked)

    def _ask(self, asked: dict[str, Any]) -> None:
        if not self._visitor:
            host = self._socket.client.host if self._socket.client else ""
            visitor = asked.get("visitor", "")[:64] or host or "somebody"
            if not self._guests.seat(visitor):
                self.end(1013, MANY)
                return
            self._visitor = visitor
        self._wanted = {name: str(value) for name, value in asked.items()}
        self._another.set()

    async def _prepare(self) -> None:
        """Find whom to ask, fetched if need be, and ask: one wish after another, the newest first."""
        while True:
            await self._another.wait()
            self._another.clear()
            if self._over:
                return
            wanted = self._wanted
            if wanted is None:
                continue
            try:
                subject = await asyncio.to_thread(self._found, wanted)
                self._subject = subject
                if self._live is None:
                    self._live = await asyncio.to_thread(self._engine.live, subject.question, self, self._visitor)
                else:
                    self._live.ask(subject.question)
                self._offer()
            except Exception as error:  # noqa: BLE001 - whatever a stranger's wish provokes ends as a sentence
                if wanted is self._wanted:
                    known = isinstance(error, ExplorerError)
                    self.trouble(str(error) if known else "That cannot be asked here: choose something else.")

    def _found(self, wanted: dict[str, str]) -> Subject:
        return find(self._engine, wanted, self._visitor, self.progress, lambda: wanted is self._wanted)

    # what goes, from the engine's threads

    def read(self, data: bytes) -> Frame:
        if not data.startswith(JPEG):
            raise BadPicture("A live picture is a JPEG, and something else came: start the live view again.")
        return replace(read_image(data, self._pictures, CAME), domain=DOMAIN)

    def shape(self, answered: Answered[Any]) -> str:
        subject, answer = self._subject, answered.answer
        if subject is None or subject.question is not answered.question:
            raise Stopped("Something else is asked by now.")
        drawn = subject.view.draw(answer, subject.said.get("class", ""))
        ms = float(answer.ms)
        return as_text(
            {
                "answer": answered.number,
                "view": subject.said["view"],
                "model": getattr(answer, "model", ""),
                "device": getattr(answer, "device", ""),
                "size": list(answered.frame.size),
                "panes": [pane_json(pane) for pane in drawn.panes],
                "lines": [[text, round(share, 4)] for text, share in drawn.lines],
                "notes": [*subject.why, *answer.notes],
                "ms": round(ms, 2),
                "at_once": self._engine.device().at_once,
                "held": round((time.monotonic() - answered.came) * 1e3 - ms, 2),
                "line": answered.line,
                "dropped": self._live.counters().dropped if self._live else 0,
            }
        )

    def tell(self, shaped: str) -> None:
        self._soon(self._answer, shaped)

    def spoiled(self, number: int, why: str) -> None:
        self._later(spoiled=number, why=why)

    def trouble(self, why: str) -> None:
        self._later(trouble=why)

    def progress(self, step: Progress) -> None:
        self._later(progress=step.text, share=round(step.fraction, 3))

    def _answer(self, answer: str) -> None:
        self._answers.append(answer)
        self._something.set()

    def _later(self, **content: Any) -> None:
        self._soon(self._note, as_text(content))

    def _soon(self, does: Callable[[str], None], text: str) -> None:
        with suppress(RuntimeError):  # the server has stopped, and nobody is left to be told
            self._loop.call_soon_threadsafe(does, text)

    def _note(self, text: str) -> None:
        self._notes.append(text)
        self._something.set()

    async def _send(self) -> None:
        """The newest answers and every sentence, as fast as they are taken."""
        try:
            while True:
                await self._something.wait()
                self._something.clear()
                while self._notes:
                    await self._out(self._notes.popleft())
                while self._answers:
                    await self._out(self._answers.popleft())
                if self._ending is not None:
                    code, why = self._ending
                    await self._out(as_text({"bye": why}))
                    await asyncio.wait_for(self._socket.close(code, why), self._limits.sending_s)
                    return
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            return  # whoever takes nothing, or has gone, is told nothing

    async def _out(self, text: str) -> None:
        async with asyncio.timeout(self._limits.sending_s):
            await self._socket.send_text(text)
