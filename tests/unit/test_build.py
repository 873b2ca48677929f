"""What the last lines of a failed build mean, and what a push's stream says."""

import pytest

from matlab_sagemaker import errors
from matlab_sagemaker.images import build, push


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
    error = build.explained(said)
    assert type(error) is kind
    assert said in str(error)


def test_every_kind_of_failure_has_an_exit_code_of_its_own():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = [k.exit_code for k in kinds if issubclass(k, errors.ImageError)]
    assert len(codes) == len(set(codes)) > 8


def test_an_error_inside_the_stream_of_a_push_is_an_error():
    with pytest.raises(errors.RegistryError, match="received unexpected HTTP status: 500"):
        push.Progress(print).take({"error": "received unexpected HTTP status: 500"})


@pytest.mark.parametrize(
    "said", ["dial tcp 127.0.0.1:40123: connection refused", "digest=sha256:9a403f: unexpected EOF"]
)
def test_digits_of_an_address_are_no_refusal(said):
    with pytest.raises(errors.RegistryError) as caught:
        push.Progress(print).take({"error": said})
    assert not isinstance(caught.value, errors.RegistryLoginError)


@pytest.mark.parametrize("said", ["unauthorized: authentication required", "denied: requested"])
def test_a_refused_login_is_told_apart(said):
    with pytest.raises(errors.RegistryLoginError):
        push.Progress(print).take({"error": said})


def test_only_bytes_that_were_sent_are_counted_and_each_tenth_is_told_once():
    lines = []
    progress = push.Progress(lines.append)
    for current in range(0, 21_000_001, 250_000):  # more than the total: the tar's own bytes
        progress.take(pushing("a", current, 20_000_000))
    for event in (
        {"id": "a", "status": "Pushed"},
        {"id": "b", "status": "Layer already exists"},
        pushing("c", 5, 10),
        {"id": "c", "status": "Mounted from matlab-sagemaker/training"},
        {"id": "d", "status": "Pushing"},
        {"status": "latest: digest: sha256:1 size: 2"},
    ):
        progress.take(event)
    assert progress.sent == 21_000_000
    told = [f"a: {part} % of 20.0 MB" for part in range(10, 101, 10)]
    small = ["c: 50 % of 0.0 MB", "c: already there"]
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
    progress = build.Progress(lines.append)
    for line in (hidden[2], *shown[:2], *hidden, *shown[2:]):
        progress.take(line)
    assert lines == shown
