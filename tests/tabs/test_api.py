"""The API of a served page: any question of the engine, by one endpoint; one sentence where it has no answer."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from gradio_client import Client
from torchvision.ops import roi_align, roi_pool

from explorer.engine.engine import LocalEngine
from explorer.records.classify import Classify
from explorer.sources.open import bundled
from tests import pictures, tiny
from tests.serving import served

MATRIX = np.arange(25, dtype=np.float32).reshape(5, 5)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(engine: LocalEngine) -> Iterator[Client]:
    with served(engine) as url:
        made = Client(url, verbose=False, analytics_enabled=False)
        yield made
        made.close()


def asked(client: Client, **question: Any) -> Any:
    return client.predict(question, api_name="/question")


def test_a_box_on_a_matrix_is_answered_as_torchvision_answers(client: Client) -> None:
    found = asked(client, question="Roi", matrix=MATRIX.tolist(), box=[0.4, 0.6, 4.2, 3.9], bins=2, samples=2)
    x, boxes = torch.from_numpy(MATRIX)[None, None], [torch.tensor([[0.4, 0.6, 4.2, 3.9]])]
    assert np.allclose(found["pool"], roi_pool(x, boxes, 2)[0, 0])
    assert np.allclose(found["align"], roi_align(x, boxes, 2, sampling_ratio=2)[0, 0])


def test_a_picture_is_a_name_or_comes_along(client: Client, engine: LocalEngine) -> None:
    wanted = engine.run(Classify(engine.keep(bundled("sample:coffee")), "tiny", "random"))
    found = asked(client, question="Classify", picture="sample:coffee", model="tiny", weights="random")
    assert found["classes"][0]["score"] == pytest.approx(float(wanted.scores.max()), abs=1e-6)
    sent = "data:image/png;base64," + base64.b64encode(pictures.READ["I13-rgb"].data).decode()
    sent = asked(client, question="Classify", picture=sent, model="tiny", weights="random")
    assert sent["model"] == "tiny" and len(sent["classes"]) == len(tiny.CLASSES)
    maps = asked(client, question="Dense", picture="scene:3", model="tiny", weights="random", scales=[0.1])
    assert np.isfinite(maps["levels"][0]["logits"]).all()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"question": "Rio"}, "no question called 'Rio'"),
        ({"question": "Classify", "picture": "/etc/passwd", "model": "tiny"}, "no sample"),
        ({"question": "Classify", "picture": "data:image/png;base64,????", "model": "tiny"}, "damaged"),
        ({"question": "Classify", "picture": "sample:cat", "model": "tinny"}, "did you mean tiny"),
    ],
)
def test_trouble_is_one_sentence(client: Client, question: dict[str, Any], words: str) -> None:
    with pytest.raises(Exception, match=words) as raised:
        asked(client, **question)
    assert "Traceback" not in str(raised.value)


def test_nothing_else_is_offered(client: Client) -> None:
    assert set(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == {"/question"}  # type: ignore[index]
