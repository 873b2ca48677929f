"""Makes the configuration of nginx, which runs in front of the microservice. Pure.

nginx answers /ping itself while a file says that the microservice is ready, since SageMaker waits
only 2 s for a ping, even while MATLAB computes. It receives a whole body in memory before it passes
it on, so a slow client does not block MATLAB, and no body is written to a file.
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from variables import SettingsError, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SHELLS = {"sh", "bash", "dash"}
UNLIMITED_BUFFER_MIB = 25  # without a limit, the rest of a body goes to a file
TEMPLATE = """daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    server_tokens off;
    default_type text/plain;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size {max_payload_mib}m;
    client_body_buffer_size {body_buffer_mib}m;
    keepalive_timeout 75s;
    upstream microservice {{
        server 127.0.0.1:{inner_port};
        keepalive 16;
        keepalive_timeout 4s;
    }}
    server {{
        listen {port} backlog=1024;
        error_page 413 @large;
        error_page 502 @ended;
        error_page 504 @late;
        location = /ping {{
            if (!-f {folder}/ready) {{ return 503 "MATLAB is starting.\\n"; }}
            return 200;
        }}
        location = /invocations {{
            if (!-f {folder}/ready) {{ return 503 "MATLAB is starting.\\n"; }}
            if ($request_method != POST) {{ return 405 "/invocations takes POST.\\n"; }}
            proxy_pass http://microservice;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_read_timeout {timeout_s}s;
            proxy_send_timeout {timeout_s}s;
        }}
        location / {{ return 404 "There is nothing here but /ping and /invocations.\\n"; }}
        location @large {{ return 413 "The body is larger than {max_payload_mib} MB.\\n"; }}
        location @ended {{ return 502 "The process that computed this request ended.\\n"; }}
        location @late {{ return 504 "MATLAB did not answer within {timeout_s} s.\\n"; }}
    }}
}}
"""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of the container."""

    command: tuple[str, ...]  # of the microservice, without its port
    port: int
    safe_ports: range | None  # for the microservice's port; None: any free port
    max_payload_mib: int  # 0: no limit, for a batch transform of chunked data
    timeout_s: int
    grace_s: int  # between SIGTERM and SIGKILL; SageMaker kills after 30 s


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError for a value that is out of range."""
    return Settings(
        command=_read_command(environ.get("MATLAB_SAGEMAKER_COMMAND", "")),
        port=whole_number(environ, "SAGEMAKER_BIND_TO_PORT", 8080, 1, 65535),
        safe_ports=_read_ports(environ.get("SAGEMAKER_SAFE_PORT_RANGE", "")),
        max_payload_mib=whole_number(environ, "SAGEMAKER_MAX_PAYLOAD_IN_MB", 25, 0, 1024),
        timeout_s=whole_number(environ, "MATLAB_SAGEMAKER_TIMEOUT", 60, 1, 3600),
        grace_s=whole_number(environ, "MATLAB_SAGEMAKER_STOP_GRACE", 20, 1, 120),
    )


def configuration(settings: Settings, inner_port: int, folder: Path, *, as_root: bool) -> str:
    """Write nginx's configuration; nginx writes its own files below `folder`."""
    return TEMPLATE.format(
        user="user root;" if as_root else "",
        folder=folder,
        inner_port=inner_port,
        port=settings.port,
        max_payload_mib=settings.max_payload_mib,
        body_buffer_mib=settings.max_payload_mib or UNLIMITED_BUFFER_MIB,
        timeout_s=settings.timeout_s,
    )


def _read_ports(text: str) -> range | None:
    """Read SageMaker's `XXXX-YYYY`, both ends included.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-pipeline-real-time.html
    """
    if not text:
        return None
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= 65535):
        raise SettingsError(
            f"SAGEMAKER_SAFE_PORT_RANGE is {text!r}; it must be two port numbers with a hyphen "
            "between them. SageMaker sets it: do not set it in the model's Environment."
        )
    return range(int(first), int(last) + 1)


def _read_command(text: str) -> tuple[str, ...]:
    try:
        words = json.loads(text)
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(w, str) for w in words):
        raise SettingsError(
            f"MATLAB_SAGEMAKER_COMMAND is {text!r}; it must be the microservice's entry point as a "
            "JSON list of words. Compile the handler again."
        )
    if words[0].rpartition("/")[2] in SHELLS:
        raise SettingsError(
            f"the microservice's entry point {text} is a shell command: it cannot take a port, and "
            "signals do not reach MATLAB. Give the microservice image an entry point in exec form."
        )
    return tuple(words)
