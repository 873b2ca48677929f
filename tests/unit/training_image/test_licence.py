"""The batch token: read from a real Secrets Manager server (moto's), used, and never shown."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

import licence_check
from helpers.aws.moto_server import aws_server
from helpers.kit.waiting import read_until
from licence import REASONS, _not_read, fetch_token, token_parts
from token_secret import SecretError, secret_region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training_container import Container

TOKEN = "me@example.com::validMARKMARKMARK"
PART = "validMARKMARKMARK"
SECRET = "MATLAB_SAGEMAKER_TOKEN_SECRET"
# Stands in for matlab-batch: prints the token that it gets and runs the statement on Octave.
MATLAB_BATCH = """#!/bin/sh
echo "token: $MLM_LICENSE_TOKEN"
case $MLM_LICENSE_TOKEN in *::valid*) ;; *) echo "License checkout failed." >&2; exit 7;; esac
exec octave-cli --norc --no-history --quiet --eval "$1"
"""


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, str]]:
    """The environment of a Secrets Manager with tokens."""
    with aws_server("secretsmanager", "eu-west-1") as (environment, client):
        environment["AWS_REGION"] = "eu-west-1"
        for name, text in {
            "token": f"{TOKEN}\n",
            "old": "me@example.com::expiredMARKMARKMARK",
            "json": '{"token": "x"}',
            "lines": "a\nb",
        }.items():
            arn = client.create_secret(Name=name, SecretString=text)["ARN"]
            environment[f"ARN_{name}"] = arn
        client.create_secret(Name="deleted", SecretString="x")
        client.delete_secret(SecretId="deleted")
        yield environment


@pytest.fixture
def matlab(container: Container, tmp_path: Path, aws: dict[str, str]) -> dict[str, str]:
    """The environment of a container whose matlab-batch needs a token."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "matlab-batch").write_text(MATLAB_BATCH)
    (tools / "matlab-batch").chmod(0o755)
    container.give_code(train="disp('trained');")
    path = f"{tools}:{container.environment()['PATH']}"
    return {**aws, "PATH": path, "MATLAB_SAGEMAKER_ENGINE": "matlab"}


def test_the_token_reaches_matlab_batch_and_neither_the_log_nor_a_failure(
    container: Container, matlab: dict[str, str]
):
    code, log = container.run(**{**matlab, SECRET: matlab["ARN_token"]})
    assert (code, container.failure) == (0, None), log
    assert log == "token: ***\ntrained\n"


def test_an_error_that_quotes_the_token_is_masked_in_the_failure(
    container: Container, matlab: dict[str, str]
):
    container.give_code(train="error('kit:test:leak', 'no %s', getenv('MLM_LICENSE_TOKEN'));")
    code, log = container.run(**{**matlab, SECRET: "token"})
    assert code == 1
    assert PART not in log
    assert (container.failure or "").startswith("kit:test:leak: no ***")
    assert PART not in (container.failure or "")


def test_no_command_line_of_the_job_has_the_token(container: Container, matlab: dict[str, str]):
    container.give_code(train="disp('started'); while true, pause(0.05); end")
    with container.start(**{**matlab, SECRET: "token"}) as process:
        read_until(process, "started")
        family = [
            psutil.Process(process.pid),
            *psutil.Process(process.pid).children(recursive=True),
        ]
        lines = [" ".join(member.cmdline()) for member in family]
        process.terminate()
    assert any("sagemaker_training.main" in line for line in lines)
    assert not [line for line in lines if PART in line]


def test_a_token_that_is_refused_is_told_as_such_with_the_last_words(
    container: Container, matlab: dict[str, str]
):
    code, _ = container.run(**{**matlab, SECRET: "old"})
    assert code == 7
    failure = container.failure or ""
    assert failure.startswith("sagemaker_training:licence:notStarted: matlab-batch ended with exit")
    assert "License checkout failed." in failure
    assert "MARK" not in failure


def test_an_exit_of_the_users_code_is_no_matter_of_the_licence(
    container: Container, matlab: dict[str, str]
):
    container.give_code(train="exit(7);")
    code, _ = container.run(**{**matlab, SECRET: "token"})
    assert code == 7
    assert "sagemaker_training:engine:end" in (container.failure or "")


def test_required_products_are_installed_before_matlab_starts(
    container: Container, matlab: dict[str, str], tmp_path: Path
):
    mpm = tmp_path / "bin/mpm"
    mpm.write_text('#!/bin/sh\necho "mpm $*"\n')
    mpm.chmod(0o755)
    image = {"MATLAB_SAGEMAKER_RELEASE": "R2026a", "MATLAB_SAGEMAKER_ROOT": "/opt/matlab"}
    required = {"MATLAB_REQUIRED_PRODUCTS": "A_Toolbox"}
    code, log = container.run(**{**matlab, **image, **required, SECRET: "token"})
    assert code == 0
    assert log.index("--products A_Toolbox") < log.index("trained")


@pytest.mark.parametrize(
    ("secret", "kind"),
    [("absent", "missing"), ("deleted", "missing"), ("json", "content"), ("lines", "content")],
)
def test_a_secret_without_a_token_fails_the_job_with_what_to_do(
    container: Container, matlab: dict[str, str], secret: str, kind: str
):
    code, _ = container.run(**{**matlab, SECRET: secret})
    assert code == 1
    assert (container.failure or "").startswith(f"sagemaker_training:licence:{kind}:")


def test_a_container_without_a_network_hears_of_network_isolation(
    container: Container, matlab: dict[str, str]
):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"  # bound, but nobody listens
        code, _ = container.run(**{**matlab, SECRET: "token", "AWS_ENDPOINT_URL": nowhere})
    assert code == 1
    assert "licence:network" in (container.failure or "")
    assert "EnableNetworkIsolation" in (container.failure or "")


def test_a_container_without_credentials_hears_of_it(container: Container, matlab: dict[str, str]):
    off = {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    code, _ = container.run(**{**matlab, SECRET: "token", **off})
    assert code == 1
    assert "licence:credentials" in (container.failure or "")


def test_without_a_secret_there_is_no_token_and_boto3_is_not_needed():
    assert fetch_token({}) is None


@pytest.mark.parametrize("code", [*REASONS, "InternalServiceError"])
def test_every_reason_says_what_aws_said_and_what_to_do(code: str):
    error = _not_read("arn:secret", SecretError(code, "words of AWS"))
    assert "arn:secret" in str(error)
    assert f"{code}: words of AWS" in str(error)
    assert len(str(error).splitlines()) == 3


def test_a_refusal_of_permission_names_the_permission():
    error = _not_read("s", SecretError("AccessDeniedException", "not authorized"))
    assert "secretsmanager:GetSecretValue" in str(error)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("arn:aws:secretsmanager:eu-north-1:123456789012:secret:token-AbCdEf", "eu-north-1"),
        ("token", "eu-west-1"),
    ],
)
def test_a_secrets_region_is_its_arns_or_the_jobs(name: str, expected: str):
    assert secret_region(name, {"AWS_REGION": "eu-west-1"}) == expected


def test_the_parts_of_a_token_that_tell_something_are_known():
    assert token_parts("me@x::label12::encoded1") == ["me@x::label12::encoded1", "encoded1"]
    assert token_parts(None) == []


@pytest.mark.parametrize(
    ("token", "code", "words"),
    [
        (TOKEN, 0, "starts with this licence"),
        ("me@example.com::expiredMARKMARKMARK", 1, "licence check failed"),
        (None, 0, "not checked"),
    ],
)
def test_the_check_at_build_time_tells_whether_the_token_starts_matlab(
    matlab: dict[str, str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    token: str | None,
    code: int,
    words: str,
):
    monkeypatch.setenv("PATH", matlab["PATH"])
    if token:
        (tmp_path / "token").write_text(f"{token}\n")
    assert licence_check.main([str(tmp_path / "token")]) == code
    told = "".join(capfd.readouterr())
    assert words in told
    assert "MARK" not in told


def test_a_job_of_an_image_without_boto3_says_so(container: Container, matlab: dict[str, str]):
    tools = container.base.parent / "bin"
    (tools / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    (tools / "python3").chmod(0o755)
    assert container.run(**{**matlab, SECRET: "token"})[0] == 1
    assert "licence:boto3" in (container.failure or "")
