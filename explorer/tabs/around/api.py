"""Questions from other programs: one endpoint, `/question`, that takes any question the engine can answer."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.events import api

from explorer.contract import Engine
from explorer.errors import ExplorerError
from explorer.plain import plain_of, question_of
from explorer.sources.data_url import read_data_url
from explorer.sources.open import bundled

NAME = "question"


def connect(engine: Engine) -> None:
    """Offer it, inside the page's Blocks."""

    def keep(picture: str) -> str:
        sent = picture.startswith("data:")
        return engine.keep(read_data_url(picture, "the API") if sent else bundled(picture))

    def ask(question: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """The answer to {"question": KIND, FIELD: VALUE, ...}.

        Kinds and fields are those of explorer/records; a picture is sample:NAME, scene:SEED or a data URL.
        """
        try:
            answer: dict[str, Any] = plain_of(
                engine.run(question_of(question, keep), visitor=request.session_hash or "")
            )
        except ExplorerError as error:
            raise gr.Error(str(error), print_exception=False) from None
        return answer

    api(ask, api_name=NAME)
