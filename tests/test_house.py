"""Who may import whom, read from the syntax tree, and nothing happens at import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "explorer"
TENSORS = {"torch", "torchvision", "timm", "captum"}
TENSOR_ROOMS = {"ops", "models", "tasks", "engine", "training", "bench"}
PAGE_ROOMS = {"tabs", "bench"}
UPPER = {"ops", "models", "tasks", "engine", "training", "drawing", "tabs", "web", "bench", "commands", "cli"}
FORBIDDEN_ROOMS = {
    "records": UPPER | {"sources", "streetscape", "contract"},
    "sources": UPPER | {"contract"},
    "streetscape": UPPER | {"sources", "contract"},
    "ops": UPPER - {"ops"} | {"sources", "streetscape"},
    "models": UPPER - {"models", "ops"} | {"sources", "streetscape"},
    "tasks": UPPER - {"tasks", "models", "ops"} | {"sources", "streetscape"},
    "engine": UPPER - {"engine", "tasks", "models", "ops"} | {"sources", "streetscape"},
    "training": UPPER - {"training", "models", "ops"} | {"sources"},
    "drawing": UPPER - {"drawing"} | {"sources", "streetscape"},
    "tabs": UPPER - {"tabs", "drawing"} | {"streetscape"},
    "web": UPPER - {"web", "drawing"} | {"streetscape"},
    "bench": {"tabs", "commands", "cli"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(source: str, package: str = "explorer") -> set[str]:
    """Dotted names of everything a source imports, also inside functions, but not for type checking alone."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            node.body = []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def breaches(where: str, source: str) -> list[str]:
    """What a file in the room `where` imports and may not."""
    names = imported(source)
    tops = {name.partition(".")[0] for name in names}
    rooms = {name.split(".")[1] for name in names if name.startswith("explorer.")}
    bad = sorted(f"room {r}" for r in rooms & FORBIDDEN_ROOMS.get(where, set()))
    if "gradio" in tops and where not in PAGE_ROOMS:
        bad.append("gradio")
    if tops & TENSORS and where not in TENSOR_ROOMS:
        bad += sorted(tops & TENSORS)
    if any(name.startswith(".") for name in names):
        bad.append("a relative import")
    return bad


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_keep_to_their_room(path: Path) -> None:
    assert not breaches(room(path), path.read_text())


def test_a_breach_is_seen() -> None:
    assert breaches("drawing", "def f():\n    import torch.nn") == ["torch"]
    assert breaches("tabs", "from explorer.engine.engine import LocalEngine") == ["room engine"]
    assert breaches("tabs", "from explorer import engine") == ["room engine"]
    assert breaches("tasks", "import gradio") == ["gradio"]
    assert breaches("records", "from . import frame") == ["a relative import"]
    assert breaches("tabs", "if TYPE_CHECKING:\n    import torch") == []


def test_tabs_do_not_import_each_other() -> None:
    shared = {"components", "offering", "stage", "wiring", "words"}
    tabs = {path.stem for path in (PACKAGE / "tabs").glob("*.py")} - shared - {"__init__", "page"}
    for tab in tabs:
        names = imported((PACKAGE / "tabs" / f"{tab}.py").read_text())
        others = {name.split(".")[2] for name in names if name.startswith("explorer.tabs.")}
        own = {other for other in others if other.startswith(f"{tab.partition('_')[0]}_")}  # parts of the same tab
        assert others - own <= shared, f"{tab} imports {others - own - shared}"


def test_the_top_level_holds_what_was_agreed() -> None:
    agreed = {
        "app.py",
        "explorer",
        "assets",
        "tests",
        "requirements.txt",
        "README.md",
        "pyproject.toml",
        "LICENSE",
        "packages.txt",
    }
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    tops = {name.partition("/")[0] for name in tracked if name}
    assert {top for top in tops if not top.startswith(".")} <= agreed


def _modules_after(code: str) -> set[str]:
    run = [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"]
    return set(subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.long
def test_the_page_is_built_without_torch() -> None:
    loaded = _modules_after("import app")
    assert "gradio" in loaded
    assert not loaded & TENSORS and "plotly" not in loaded and "cv2" not in loaded


@pytest.mark.long
def test_the_engine_runs_where_there_is_no_gradio() -> None:
    code = "import sys; sys.modules['gradio'] = None\nimport explorer.engine.engine, explorer.cli"
    assert "torch" in _modules_after(code)
