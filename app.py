"""Fovea's page: `python app.py`."""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from explorer.commands.command import told
from explorer.contract import Engine
from explorer.engine.deferred import Deferred
from explorer.engine.zero_gpu import lent_pass
from explorer.errors import ExplorerError, Mistake
from explorer.sources.video import about
from explorer.sources.video.shelf import Shelf
from explorer.tabs import words
from explorer.tabs.around.theme import Fovea
from explorer.tabs.page import page
from explorer.web.addresses import LOCAL, addresses, names
from explorer.web.head import HeadTags
from explorer.web.headers import SecurityHeaders
from explorer.web.limits import BodyLimit, UploadRefusals
from explorer.web.live import LiveSockets
from explorer.web.live_limits import OWNER, LiveLimits
from explorer.web.thumbnails import ROUTES
from explorer.web.videos import PATH as VIDEOS
from explorer.web.videos import Videos

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = ("page.js", *sorted(path.name for path in ASSETS.glob("*.js") if path.name != "page.js"))
STYLES = ("style.css", *sorted(path.name for path in ASSETS.glob("*.css") if path.name != "style.css"))
BODY_LIMIT = 24_000_000
FILE_LIMIT = "20mb"
LOOK_S = 0.01
"""How often Gradio's queue looks whether anybody asks: its own thousand times a second cost a tenth of a core."""
EVERYWHERE = ("0.0.0.0", "::")


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """What the owner may set on the command line."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Fovea: see inside vision networks.")
    parser.add_argument(
        "--host",
        default=os.environ.get("GRADIO_SERVER_NAME", LOCAL[0]),
        help="address to listen on; 0.0.0.0 lets a class in",
    )
    parser.add_argument("--port", type=int, default=None, help="default: the first free one from 7860")
    parser.add_argument(
        "--https", action="store_true", help="with --host 0.0.0.0: a secure page, so that other devices' cameras work"
    )
    parser.add_argument("--share", action="store_true", help="a public https address, through Gradio's tunnel")
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    parser.add_argument("--model", default="", help="with --weights: the network your file is for")
    parser.add_argument("--weights", default="", metavar="FILE", help="a weights file of your own")
    parser.add_argument(
        "--cfg", default="", metavar="FILE", help="with --weights: a Darknet network of your own; or yolov3-tiny"
    )
    parser.add_argument("--names", default="", metavar="FILE", help="with --cfg: the classes' names, one a line")
    return parser.parse_args(arguments)


def make_engine(device: str = "auto", model: str = "", weights: str = "", cfg: str = "", names: str = "") -> Engine:
    """The engine with torch in it; slow to import, so the page does not wait for it.

    Raises Mistake for an owner's network that is named in two ways, or in half of one.
    """
    from explorer.engine.engine import LocalEngine
    from explorer.engine.official import official
    from explorer.models.darknet.official import OFFICIAL

    published = not weights and cfg in OFFICIAL
    if (names and not cfg) or (cfg and (model or not (weights or published))):
        raise Mistake(
            "A network of your own is --model and --weights, or --cfg and --weights with --names if need be, or --cfg "
            "and a published network's name, such as yolov3-tiny."
        )
    engine = LocalEngine(device)
    if published:
        cfg, weights = map(str, told(official(cfg)))
    if cfg:
        engine.bring(cfg, weights, names)
    elif weights:
        engine.adopt(model, weights)
    if engine.device().kind == "cuda" and lent_pass() is None:
        from explorer.engine.warm import warm

        threading.Thread(target=warm, args=(engine,), name="warming", daemon=True).start()
    return engine


def queued(blocks: gr.Blocks) -> gr.Blocks:
    """Many may ask at once: the engine's own line is the limit, and nothing goes round this queue."""
    blocks.queue(default_concurrency_limit=32, max_size=256, api_open=False)
    blocks._queue.sleep_when_free = LOOK_S
    return blocks


def launch_options(hosts: tuple[str, ...], live: LiveSockets, routes: Sequence[BaseRoute] = ()) -> dict[str, Any]:
    """How the page is served: one host's own files and `routes`, nothing kept, nothing told to anyone. It starts on a
    busy machine too: Gradio would ask it for its page and give up after three seconds."""
    tags = [f'<link rel="stylesheet" href="app/{name}?v={_version(name)}">' for name in STYLES]
    tags += [f'<script src="app/{name}?v={_version(name)}"></script>' for name in SCRIPTS]
    guards = [
        Middleware(SecurityHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)),
        Middleware(BodyLimit, limit=BODY_LIMIT, own=(VIDEOS,)),
        Middleware(UploadRefusals),
        Middleware(HeadTags, tags="".join(tags)),
    ]
    return {
        "theme": Fovea(),
        "i18n": words.i18n(),
        "favicon_path": str(ASSETS / "icon.png"),
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "footer_links": [],
        "pwa": True,
        "_frontend": False,
        "max_file_size": FILE_LIMIT,
        "app_kwargs": {
            "routes": [Mount("/app", StaticFiles(directory=ASSETS)), *ROUTES, live.route(), *routes],
            "middleware": guards,
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
        },
    }


def _version(name: str) -> str:
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:8]


def hosts(host: str, anywhere: bool) -> tuple[str, ...]:
    """The names under which this server may be asked for: another site's name for our address is not one of them."""
    if anywhere:
        return ("*",)
    if host not in EVERYWHERE:
        return (*LOCAL, host)
    return (*LOCAL, *names(), *addresses())


def shelf(host: str, anywhere: bool) -> Shelf:
    """Where videos lie: as much of them as a public page, a class or the owner alone may bring."""
    if anywhere:
        return Shelf(about.PUBLIC, quota=2_000_000_000)
    return Shelf(about.OWNER) if host in LOCAL else Shelf(about.CLASS, quota=20_000_000_000)


def main() -> int:
    """Serve until interrupted."""
    try:
        if asked.weights or asked.cfg or asked.names or asked.device != "auto":
            engine.engine()  # a wrong file or device is told here, not to the first visitor
        serve()
    except (ExplorerError, OSError) as error:
        print(error, file=sys.stderr)
        return getattr(error, "exit_code", 1)
    return 0


def serve() -> None:
    """Open the page first, then wait."""
    anywhere = asked.share or "SPACE_ID" in os.environ
    live = LiveSockets(engine, OWNER if asked.host in LOCAL and not anywhere else LiveLimits())
    with ExitStack() as serving:
        launched(hosts(asked.host, anywhere), live, serving)
        wait(live)


def launched(allowed: tuple[str, ...], live: LiveSockets, serving: ExitStack) -> None:
    """Open the page; with --https also one that gives its authority away, until `serving` ends."""
    launch = partial(
        demo.launch, server_name=asked.host, server_port=asked.port, share=asked.share, prevent_thread_lock=True
    )
    if not asked.https:
        launch(**launch_options(allowed, live, Videos(videos).routes()))
        if asked.host in EVERYWHERE and "*" not in allowed:
            print("* Cameras of other machines need a secure page: start with --https.")
        return
    if asked.share:
        raise Mistake("--share brings an https address of its own: leave out --https.")
    from explorer.web.secure import Secure

    secure = Secure(asked.host, allowed)
    with secure.launching() as certificates:
        launch(**launch_options(allowed, live, (*Videos(videos).routes(), *secure.routes)), **certificates)
    print(serving.enter_context(secure.handing_out(demo.server_port)), flush=True)


def wait(live: LiveSockets) -> None:
    """Wake the networks, wait for the end, and say goodbye."""
    threading.Thread(target=engine.models, name="waking", daemon=True).start()
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    ended.wait()
    live.close()
    videos.close()
    demo.close(verbose=False)


lent_pass()  # before torch is imported
asked = options(sys.argv[1:] if __name__ == "__main__" else [])
engine = Deferred(lambda: make_engine(asked.device, asked.model, asked.weights, asked.cfg, asked.names))
videos = shelf(asked.host, asked.share or "SPACE_ID" in os.environ)
demo = queued(page(engine, videos=videos))

if __name__ == "__main__":
    sys.exit(main())
