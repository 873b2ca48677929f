"""nginx's configuration, from the container's environment."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from front import configuration, read_settings
from variables import SettingsError

COMMAND = ["/opt/matlabruntime/R2026a/bin/glnxa64/muserve", "-a", "/usr/bin/mlrtapp/it's.ctf"]
ENVIRON = {"MATLAB_SAGEMAKER_COMMAND": json.dumps(COMMAND)}


def test_what_sagemaker_leaves_open_is_as_it_documents():
    settings = read_settings(ENVIRON)
    assert settings.command == tuple(COMMAND)
    assert (settings.port, settings.max_payload_mib, settings.timeout_s) == (8080, 25, 60)
    assert settings.grace_s < 30


def test_what_sagemaker_sets_is_honoured():
    sizes = {"SAGEMAKER_BIND_TO_PORT": "9000", "SAGEMAKER_MAX_PAYLOAD_IN_MB": "0"}
    ports = {"SAGEMAKER_SAFE_PORT_RANGE": "5000-5100"}
    settings = read_settings({**ENVIRON, **sizes, **ports, "MATLAB_SAGEMAKER_TIMEOUT": "3600"})
    assert (settings.safe_ports[0], settings.safe_ports[-1]) == (5000, 5100)
    assert (settings.port, settings.max_payload_mib, settings.timeout_s) == (9000, 0, 3600)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAGEMAKER_BIND_TO_PORT", "0"),
        ("SAGEMAKER_BIND_TO_PORT", "65536"),
        ("SAGEMAKER_MAX_PAYLOAD_IN_MB", "-1"),
        ("MATLAB_SAGEMAKER_TIMEOUT", "1.5"),
        ("MATLAB_SAGEMAKER_STOP_GRACE", "soon"),
        ("SAGEMAKER_SAFE_PORT_RANGE", "5000"),
        ("SAGEMAKER_SAFE_PORT_RANGE", "5100-5000"),
        ("SAGEMAKER_SAFE_PORT_RANGE", "5000-70000"),
    ],
)
def test_a_number_that_makes_no_sense_is_named(name: str, value: str):
    with pytest.raises(SettingsError, match=f"{name} is '{re.escape(value)}'"):
        read_settings({**ENVIRON, name: value})


@pytest.mark.parametrize("command", ["", "muserve -a x.ctf", "[]", "[1]", '{"a": "b"}'])
def test_a_command_that_is_no_list_of_words_is_refused(command: str):
    with pytest.raises(SettingsError, match="MATLAB_SAGEMAKER_COMMAND"):
        read_settings({"MATLAB_SAGEMAKER_COMMAND": command})


@pytest.mark.parametrize("shell", ["sh", "/bin/sh", "/usr/bin/bash"])
def test_a_shells_line_is_refused_since_it_takes_no_port(shell: str):
    command = json.dumps([shell, "-c", "muserve -a x.ctf"])
    with pytest.raises(SettingsError, match="exec form"):
        read_settings({"MATLAB_SAGEMAKER_COMMAND": command})


def test_the_configuration_has_ports_limits_and_one_folder_for_all_that_is_written():
    sizes = {"SAGEMAKER_BIND_TO_PORT": "9000", "SAGEMAKER_MAX_PAYLOAD_IN_MB": "6"}
    settings = read_settings({**ENVIRON, **sizes})
    text = configuration(settings, 4711, Path("/run/front"), as_root=True)
    assert "listen 9000 " in text
    assert "server 127.0.0.1:4711;" in text
    assert "client_max_body_size 6m;" in text
    assert "client_body_buffer_size 6m;" in text
    assert "user root;" in text
    written = re.findall(r"(?:_path|pid) (\S+);", text)
    assert len(written) == 6
    assert all(path.startswith("/run/front/") for path in written)
    assert text.count("{") == text.count("}")


def test_a_body_without_a_limit_has_a_buffer_all_the_same():
    settings = read_settings({**ENVIRON, "SAGEMAKER_MAX_PAYLOAD_IN_MB": "0"})
    text = configuration(settings, 1, Path("/x"), as_root=False)
    assert "client_max_body_size 0m;" in text
    assert "client_body_buffer_size 25m;" in text


def test_who_is_not_root_names_no_user():
    text = configuration(read_settings(ENVIRON), 1, Path("/x"), as_root=False)
    assert "user" not in text
