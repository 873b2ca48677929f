"""The inference image for Octave, run as SageMaker runs it; tests/octave/ tests the rest."""

import pytest

from helpers.kit import inference_container
from images import running


@pytest.fixture(scope="module")
def image(docker, base_image, tmp_path_factory):
    """An image whose handler does what a request says."""
    context = tmp_path_factory.mktemp("context")
    inference_container.lay_out_image(context, inference_container.PROBE)
    return docker.build(
        context,
        f"--build-arg=BASE_IMAGE={base_image}",
        "--build-arg=HANDLER=ProbeHandler",
        "--target=inference",
        tag="matlab-sagemaker-test/probe",
    )


def test_pings_are_answered_at_once_while_the_only_worker_computes(docker, image, tmp_path):
    with running.serving(docker, image, tmp_path, MATLAB_SAGEMAKER_WORKERS=1) as container:
        container.ready()
        answer, times = container.ping_while(
            lambda: container.ask("POST", "/invocations", b"done", X_Probe="sleep 8")
        )
    assert answer == (200, b"done")
    assert len(times) > 12
    assert max(times) < 2
