"""Doctor's rows about the machine, each with a good and a bad case."""

import contextlib

import pytest

from helpers.kit.doctor_runs import Machine, docker_engine, examine, secret, state

pytestmark = pytest.mark.slow


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path / "bin")


def test_git_is_on_path(project, machine):
    assert state(project, "git", **machine.environment) == "fine"
    assert state(project, "git", **machine.without("git").environment) == "wrong"


def test_octave_is_on_path_for_folder_images(project, machine):
    assert state(project, "Octave", **machine.environment) == "fine"
    machine.without("octave-cli")
    assert state(project, "Octave", **machine.environment) == "wrong"
    with_docker = {**machine.environment, "INPUT_BUILDER": "docker"}
    assert state(project, "Octave", **with_docker) == "skipped"


@pytest.mark.parametrize(
    ("compiler", "expected", "words"),
    [
        (True, "fine", "R2026a with MATLAB Compiler SDK"),
        (False, "wrong", "MATLAB Compiler SDK is not installed here"),
        (None, "wrong", "no MATLAB on this machine"),
    ],
)
def test_matlab_is_there_with_its_compiler(project, aws, machine, compiler, expected, words):
    secret(project, aws)
    if compiler is not None:
        machine.matlab(compiler)
    found, _ = examine(project, "--steps", "compile-handler", **machine.environment)
    assert found["MATLAB"]["state"] == expected
    assert words in found["MATLAB"]["found"]
    assert state(project, "MATLAB", "--steps", "train", **machine.environment) == "skipped"


def test_a_matlab_of_another_release_is_wrong(project, aws, machine):
    secret(project, aws)
    other = {**machine.matlab(compiler=True).environment, "STANDIN_RELEASE": "R2025bU2"}
    found, _ = examine(project, "--steps", "compile-handler", **other)
    assert found["MATLAB"]["state"] == "wrong"
    assert "R2025bU2, but matlab.release in sagemaker.yml is R2026a" in found["MATLAB"]["found"]


@pytest.mark.parametrize(
    ("broken", "wrong"),
    [
        ("", set()),
        ("engine", {"Docker"}),
        ("buildx", {"buildx"}),
        ("disk", {"disk"}),
    ],
)
def test_docker_its_buildx_and_its_disk(project, machine, tmp_path, broken, wrong):
    machine.program("docker", "exit 1" if broken == "buildx" else "echo buildx 0.30.0")
    root = "/proc" if broken == "disk" else tmp_path  # /proc has no free space
    with contextlib.ExitStack() as stack:
        engine = {"DOCKER_HOST": "unix:///nowhere"}
        if broken != "engine":
            engine = stack.enter_context(docker_engine(tmp_path, root))
        environment = {**machine.environment, **engine, "INPUT_BUILDER": "docker"}
        found, _ = examine(project, **environment)
    assert {w for w in ("Docker", "buildx", "disk") if found[w]["state"] == "wrong"} == wrong
    assert found["disk"]["state"] == {"engine": "skipped", "disk": "wrong"}.get(broken, "fine")
