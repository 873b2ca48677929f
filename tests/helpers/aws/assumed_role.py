"""The requests of a step that assumes a role, and what GitHub shows of its output."""

import re
from contextlib import contextmanager
from urllib.parse import parse_qs

from helpers.aws.fault_proxy import Recorder, proxy


@contextmanager
def recorded(project):
    """Yield the list of exchanges with AWS, which grows, and the address that records them."""
    recorder = Recorder()
    with proxy(project.url, recorder) as url:
        yield recorder.exchanges, {"AWS_ENDPOINT_URL": url}


def keys(exchanges):
    """Return the access keys that signed the requests, in order, each once."""
    found = [re.search(rb"Credential=([^/]+)/", exchange.sent) for exchange in exchanges]
    return list(dict.fromkeys(match[1].decode() for match in found if match))


def assumed(exchanges):
    """Return what was sent to STS for a session."""
    bodies = (exchange.sent.rpartition(b"\n")[2].decode(errors="replace") for exchange in exchanges)
    return [parse_qs(body) for body in bodies if "AssumeRoleWithWebIdentity" in body]


def secrets(exchanges, github):
    words = rb"<(?:SecretAccessKey|SessionToken)>([^<]+)<"
    of_aws = [each.decode() for exchange in exchanges for each in re.findall(words, exchange.body)]
    assert len(of_aws) == 2 * len(github.tokens)
    return [*github.tokens, *of_aws, github.request_token]


def shown(result):
    """Return what GitHub shows of a step's output: commands are obeyed, unless they are stopped."""
    lines, masks, stopped = [], [], ""
    for line in (result.stdout + result.stderr).splitlines():
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
            lines.append(line)
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif line.startswith("::add-mask::"):
            masks.append(line.removeprefix("::add-mask::").replace("%25", "%"))
        else:
            lines.append(line)
    return "\n".join(lines), masks
