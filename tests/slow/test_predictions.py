"""The example's endpoint under load: every request is answered, and memory does not grow."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.kit.inference_container import EXAMPLE, lay_out_image, serving
from helpers.kit.trained_model import train_model

pytestmark = pytest.mark.slow

FLOWERS = (EXAMPLE / "requests/three_flowers.csv").read_bytes()
EXPECTED = (EXAMPLE / "requests/expected.csv").read_bytes()


@pytest.fixture
def endpoint(tmp_path):
    """The example's endpoint, with two workers."""
    image = lay_out_image(tmp_path / "root", EXAMPLE / "inference")
    train_model(tmp_path / "ml")
    words = {"MATLAB_SAGEMAKER_WORKERS": "2"}
    with serving(image, tmp_path, "ClassificationTreeInferenceHandler", **words) as server:
        server.wait_for_workers(2)
        yield server


def predict(endpoint):
    return endpoint.request("POST", "/invocations", FLOWERS, Content_Type="text/csv").body


def test_a_thousand_predictions_at_once_succeed_and_leave_the_memory_flat(endpoint):
    workers = endpoint.wait_for_workers(2)
    with ThreadPoolExecutor(8) as clients:
        warm = list(clients.map(lambda _: predict(endpoint), range(200)))
        before = [worker.memory_info().rss for worker in workers]
        rest = list(clients.map(lambda _: predict(endpoint), range(800)))
    after = [worker.memory_info().rss for worker in workers]
    assert set(warm + rest) == {EXPECTED}
    assert [worker.pid for worker in endpoint.wait_for_workers(2)] == [w.pid for w in workers]
    assert all(b < a + 4 * 2**20 for a, b in zip(before, after, strict=True)), (before, after)
