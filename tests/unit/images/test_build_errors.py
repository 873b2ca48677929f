"""What the last lines of a failed build mean, and what the stream of a push says."""

import pytest

from matlab_sagemaker import errors, file_list
from matlab_sagemaker.images import build_errors, buildx, docker_engine, push
from matlab_sagemaker.project import build_context, config

TRAINING = build_context.training(config.MatlabSection(engine="matlab"))


@pytest.fixture
def microservice(tmp_path):
    """The context of an image that is built FROM MATLAB's new one."""
    return build_context.inference(
        config.MatlabSection(engine="matlab"), "Handler", file_list.folder_files(tmp_path)
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("#5 write /x: no space left on device", errors.DiskFullError),
        ("licence check failed: the token has expired", errors.LicenceError),
        (
            "Error: Unrecognized products:\nA_Toolbox\nerror: products were not installed",
            errors.UnknownProductError,
        ),
        ("Error: HTTP 503\nerror: products were not installed", errors.ImageError),
        ("ERROR: pull access denied for x, may require authorization", errors.UnknownReleaseError),
        ("ERROR: repository does not exist or may require", errors.UnknownReleaseError),
        (
            "Error: Unsupported release version: R2099a.\nproducts were not installed",
            errors.UnknownReleaseError,
        ),
        ("Error: mpm does not support release version: R2014b", errors.UnknownReleaseError),
        ("sh: write error: No space left on device", errors.DiskFullError),
        ("failed to create LLB definition: x:R2031a: not found", errors.UnknownReleaseError),
        ("failed to resolve source metadata for x: x: not found", errors.UnknownReleaseError),
        ("failed to resolve source metadata for x: dial tcp: i/o timeout", errors.ImageError),
        ("create LLB definition: dial tcp: lookup x: no such host", errors.ImageError),
        ("cannot reach www.mathworks.com\nproducts were not installed", errors.ImageError),
        ("ERROR: Cannot connect to the Docker daemon at unix:///x.", errors.DockerMissingError),
        (
            "ERROR: failed to receive status: rpc error: code = Unavailable desc = closing",
            errors.DockerMissingError,
        ),
        ("error: python3 is too old: Python 3.8.10; 3.10 is needed.", errors.ImageError),
        ("exit code: 1", errors.ImageError),
    ],
)
def test_a_failed_build_is_told_by_what_it_said(said, kind):
    error = build_errors.explained(said, TRAINING)
    assert type(error) is kind
    assert said in str(error)


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        (
            "failed to resolve source metadata for x: unexpected status code 429 Too Many Requests",
            "docker login",
        ),
        ("toomanyrequests: You have reached your pull rate limit. You may", "matlab.base_image"),
        ("denied: Your authorization token has expired. Reauthenticate", "Log in again"),
        ("ERROR: HTTPSConnectionPool(host='x', port=443): Max retries exceeded", "package index"),
        ("E: Unable to locate package octave", "archive"),
        ("W: Failed to fetch x  Temporary failure resolving 'x'\nexit code: 100", "DNS"),
        ("failed to do request: dial tcp: lookup x: no such host", "this machine can reach"),
    ],
)
def test_what_the_network_says_has_a_cure_of_its_own(said, cure):
    error = build_errors.explained(said, TRAINING)
    assert type(error) is errors.ImageError
    assert cure in error.do


@pytest.mark.parametrize(
    "said",
    [
        "ERROR: pull access denied, repository does not exist or may require authorization",
        "failed to resolve source metadata for matlab-microservice:a: dial tcp: no such host",
    ],
)
def test_a_microservice_image_that_is_not_there_is_no_unknown_release(microservice, said):
    error = build_errors.explained(said, microservice)
    assert type(error) is errors.ImageError
    assert "same Docker engine" in error.do
    assert "matlab.release" not in str(error)


def test_what_else_fails_on_a_microservice_image_is_told_as_elsewhere(microservice):
    error = build_errors.explained("#5 write /x: no space left on device", microservice)
    assert type(error) is errors.DiskFullError


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("PermissionError(13, 'Permission denied')", "usermod"),
        ("FileNotFoundError(2", "start docker"),
    ],
)
def test_an_engine_that_does_not_answer_is_told_from_one_that_may_not_be_used(said, cure):
    error = docker_engine.unanswered(
        f"Error while fetching server API version: ('aborted.', {said})"
    )
    assert cure in error.do


def test_every_kind_of_failure_has_an_exit_code_of_its_own():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = [k.exit_code for k in kinds if issubclass(k, errors.ImageError)]
    assert len(codes) == len(set(codes)) > 8


def test_an_error_inside_the_stream_of_a_push_is_an_error():
    with pytest.raises(errors.RegistryError, match="received unexpected HTTP status: 500"):
        push.PushProgress(print).take({"error": "received unexpected HTTP status: 500"})


@pytest.mark.parametrize(
    "said", ["dial tcp 127.0.0.1:40123: connection refused", "digest=sha256:9a403f: unexpected EOF"]
)
def test_digits_of_an_address_are_no_refusal(said):
    with pytest.raises(errors.RegistryError) as caught:
        push.PushProgress(print).take({"error": said})
    assert not isinstance(caught.value, errors.RegistryLoginError)


@pytest.mark.parametrize("said", ["unauthorized: authentication required", "denied: requested"])
def test_a_refused_login_is_told_apart(said):
    with pytest.raises(errors.RegistryLoginError):
        push.PushProgress(print).take({"error": said})


def test_a_login_that_has_expired_is_no_missing_right():
    said = "denied: Your authorization token has expired. Reauthenticate and try again."
    with pytest.raises(errors.RegistryLoginError, match="12 hours"):
        push.PushProgress(print).take({"error": said})


def test_what_was_sent_is_known_and_each_tenth_is_told_once():
    lines = []
    progress = push.PushProgress(lines.append)
    for current in range(0, 21_000_001, 250_000):  # more than the total: the tar's own bytes
        progress.take(pushing("a", current, 20_000_000))
    for event in (
        {"id": "a", "status": "Pushed"},
        {"id": "b", "status": "Layer already exists"},
        pushing("c", 5, 10),
        {"id": "c", "status": "Mounted from matlab-sagemaker/release"},
        {"id": "d", "status": "Waiting"},
        {"id": "d", "status": "Pushed"},  # an engine may report no more of a small one
        {"status": f"unchecked-a: digest: sha256:{'1' * 64} size: 2"},
    ):
        assert progress.digest == ""
        progress.take(event)
    assert progress.digest == f"sha256:{'1' * 64}"
    assert progress.sent == {"a", "d"}
    told = [f"a: {part} % of 20 MB" for part in range(10, 101, 10)]
    small = ["c: 50 % of 10 B", "c: already there", "d: pushed"]
    assert lines == [*told, "a: pushed", "b: already there", *small]


def pushing(layer, current, total):
    detail = {"current": current, "total": total}
    return {"id": layer, "status": "Pushing", "progressDetail": detail}


def test_of_a_build_is_told_what_it_does_and_what_mpm_prints():
    shown = [
        "#7 [system 2/3] RUN apt-get update",
        '#9 [matlab 1/1] RUN if ! echo "MATLAB" | xargs mpm install --products; then fi',
        "#9 12.3 Downloading and installing MATLAB (12%)",
        "#7 DONE 1.2s",
        "#9 ERROR: process did not complete successfully",
        "ERROR: failed to build",
    ]
    hidden = ["#7 0.5 Get:1 http://debian", "#91 0.1 pip", "#0 building with default", ""]
    lines = []
    progress = buildx.BuildProgress(lines.append)
    for line in (hidden[2], *shown[:2], *hidden, *shown[2:]):
        progress.take(line)
    assert lines == shown


def test_what_a_cache_says_is_told_and_blamed_for_nothing():
    said = [
        "#4 importing cache manifest from x/y:z",
        "#4 ERROR: pull access denied",
        "#40 0.1 make: *** all",
        "ERROR: failed to build",
    ]
    lines = []
    progress = buildx.BuildProgress(lines.append)
    for line in said:
        progress.take(line)
    assert lines == [said[0], said[1], said[3]]
    assert progress.last.splitlines() == said[2:]
