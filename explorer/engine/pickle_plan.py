"""A dry run of the pickle program inside a `torch.save` archive: what it would build, with nothing built.

`torch.load(weights_only=True)` keeps a pickle from running code, not from asking for memory: a tensor larger than its
storage makes it grow the storage, and nested tuples used as keys take for ever to hash. So the program, which for a
state dict uses a few dozen instructions and a handful of names, is first run on stand-ins.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from explorer.engine.pickle_names import MAKERS, STORAGES, Global, Halt, Storage, Table, TensorPlan, look_up
from explorer.engine.weights_refused import damaged, unfit

MAX_STEPS = 1_500_000


@dataclass(frozen=True)
class Plan:
    """What the whole program would give, and every tensor it would make on the way."""

    result: Any
    tensors: list[TensorPlan]


def plan_of(program: bytes, name: str) -> Plan:
    """Run a data.pkl on stand-ins. Raises BadWeights, naming what it asked for."""
    machine = _Machine(program, name)
    try:
        return Plan(machine.run(), machine.tensors)
    except (Halt, IndexError, KeyError, ValueError, TypeError, AttributeError, struct.error) as error:
        why = str(error) if isinstance(error, Halt) else "its pickle is broken"
        raise damaged(name, why) from None


class _Machine:
    """The instructions of torch's weights-only reader, on a stack of stand-ins."""

    def __init__(self, program: bytes, name: str) -> None:
        self.program, self.name, self.at = program, name, 0
        self.stack: list[Any] = []
        self.marks: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        self.tensors: list[TensorPlan] = []

    def run(self) -> Any:
        steps = _STEPS
        for _ in range(MAX_STEPS):
            code = self.program[self.at]
            self.at += 1
            if code == 0x2E:  # STOP
                return self.stack.pop()
            step = steps.get(code)
            if step is None:
                raise Halt(f"its pickle holds instruction {code:#04x}, which torch.save does not write")
            step(self)
        raise Halt(f"its pickle takes more than {MAX_STEPS:,} steps")

    def take(self, count: int) -> bytes:
        chunk = self.program[self.at : self.at + count]
        if len(chunk) < count:
            raise Halt("its pickle is cut short")
        self.at += count
        return chunk

    def number(self, layout: str) -> Any:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def line(self) -> str:
        end = self.program.index(b"\n", self.at)
        text = self.program[self.at : end].decode("utf-8")
        self.at = end + 1
        return text

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def mark(self) -> None:
        self.marks.append(self.stack)
        self.stack = []

    def since_mark(self) -> list[Any]:
        items, self.stack = self.stack, self.marks.pop()
        return items

    def last(self, count: int) -> tuple[Any, ...]:
        if len(self.stack) < count:
            raise IndexError
        items = tuple(self.stack[-count:])
        del self.stack[-count:]
        return items

    def set_items(self, items: list[Any]) -> None:
        table = self.stack[-1]
        if not isinstance(table, Table) or len(items) % 2:
            raise Halt("its pickle fills what is no dict")
        for key in items[::2]:
            if type(key) not in (str, int, float, bool, type(None)):
                raise unfit(self.name, "holds a dict whose keys are neither text nor numbers")
        table.items.update(zip(items[::2], items[1::2], strict=True))

    def add(self, items: list[Any]) -> None:
        if not isinstance(self.stack[-1], list):
            raise Halt("its pickle fills what is no list")
        self.stack[-1].extend(items)

    def ask_global(self) -> None:
        module, name = self.line(), self.line()
        self.push(look_up(module, name, self.name))

    def reduce(self) -> None:
        call, args = self.last(2)
        if not isinstance(call, Global) or not isinstance(args, tuple):
            raise Halt("its pickle calls what cannot be called")
        maker = MAKERS.get(call.name)
        if maker is None:
            raise Halt(f"its pickle calls {call.name}")
        value = maker(args)
        if isinstance(value, TensorPlan) and call.name != "torch._utils._rebuild_parameter":
            self.tensors.append(value)
        self.push(value)

    def build(self) -> None:
        (state,) = self.last(1)
        # torch.save keeps the versions of a state dict's modules in this one attribute
        if not (isinstance(self.stack[-1], Table) and isinstance(state, Table) and set(state.items) == {"_metadata"}):
            raise Halt("its pickle sets attributes")

    def persistent(self) -> None:
        (pid,) = self.last(1)
        tag, kind, key, place, numel = pid
        if tag != "storage" or not isinstance(kind, Global) or type(key) is not str or type(place) is not str:
            raise Halt("its pickle names a storage in a way torch.save does not")
        if type(numel) is not int or numel < 0:
            raise Halt("its pickle holds a storage of less than nothing")
        self.push(Storage(key, STORAGES[kind.name.removeprefix("torch.")], numel))

    def expect_protocol(self) -> None:
        if self.number("<B") != 2:
            raise Halt("its pickle is of another protocol than torch.save writes")

    def remember(self, index: int) -> None:
        self.memo[index] = self.stack[-1]


_STEPS: dict[int, Callable[[_Machine], None]] = {
    ord("c"): _Machine.ask_global,
    ord("R"): _Machine.reduce,
    ord("b"): _Machine.build,
    ord("Q"): _Machine.persistent,
    ord("("): _Machine.mark,
    ord("u"): lambda m: m.set_items(m.since_mark()),
    ord("s"): lambda m: m.set_items(list(m.last(2))),
    ord("e"): lambda m: m.add(m.since_mark()),
    ord("a"): lambda m: m.add(list(m.last(1))),
    ord("t"): lambda m: m.push(tuple(m.since_mark())),
    0x85: lambda m: m.push(m.last(1)),
    0x86: lambda m: m.push(m.last(2)),
    0x87: lambda m: m.push(m.last(3)),
    ord(")"): lambda m: m.push(()),
    ord("}"): lambda m: m.push(Table()),
    ord("]"): lambda m: m.push([]),
    ord("N"): lambda m: m.push(None),
    0x88: lambda m: m.push(True),
    0x89: lambda m: m.push(False),
    ord("J"): lambda m: m.push(m.number("<i")),
    ord("K"): lambda m: m.push(m.number("<B")),
    ord("M"): lambda m: m.push(m.number("<H")),
    0x8A: lambda m: m.push(int.from_bytes(m.take(m.number("<B")), "little", signed=True)),
    ord("G"): lambda m: m.push(m.number(">d")),
    ord("X"): lambda m: m.push(str(m.take(m.number("<I")), "utf-8", "surrogatepass")),
    ord("U"): lambda m: m.push(m.take(m.number("<B"))),
    ord("h"): lambda m: m.push(m.memo[m.number("<B")]),
    ord("j"): lambda m: m.push(m.memo[m.number("<I")]),
    ord("q"): lambda m: m.remember(m.number("<B")),
    ord("r"): lambda m: m.remember(m.number("<I")),
    0x80: lambda m: m.expect_protocol(),
}
