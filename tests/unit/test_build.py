"""What the last lines of a failed build mean, and what a push's stream says."""

import pytest

from matlab_sagemaker import errors
from matlab_sagemaker.images import build, push


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("#5 write /x: no space left on device", errors.DiskFullError),
        ("licence check failed: the token has expired", errors.LicenceError),
        ("products were not installed: Statistic_Toolbox", errors.UnknownProductError),
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
        push._take({"error": "received unexpected HTTP status: 500"}, {}, print)


@pytest.mark.parametrize(
    "said", ["dial tcp 127.0.0.1:40123: connection refused", "digest=sha256:9a403f: unexpected EOF"]
)
def test_digits_of_an_address_are_no_refusal(said):
    with pytest.raises(errors.RegistryError) as caught:
        push._take({"error": said}, {}, print)
    assert not isinstance(caught.value, errors.RegistryLoginError)


@pytest.mark.parametrize("said", ["unauthorized: authentication required", "denied: requested"])
def test_a_refused_login_is_told_apart(said):
    with pytest.raises(errors.RegistryLoginError):
        push._take({"error": said}, {}, print)


def test_only_bytes_that_were_sent_are_counted():
    sizes, lines = {}, []
    for event in (
        {"id": "a", "status": "Pushing", "progressDetail": {"current": 10, "total": 20}},
        {"id": "a", "status": "Pushing", "progressDetail": {"current": 20, "total": 20}},
        {"id": "a", "status": "Pushed"},
        {"id": "b", "status": "Layer already exists"},
        {"status": "latest: digest: sha256:1 size: 2"},
    ):
        push._take(event, sizes, lines.append)
    assert sum(sizes.values()) == 20
    assert lines == ["a: pushed", "b: layer already exists"]
