"""Log streams that are too long, and a log service that fails."""

from __future__ import annotations

from types import SimpleNamespace

from botocore.exceptions import ClientError

from emulator import logs


class LogService:
    """Stands in for CloudWatch Logs; keeps what is sent to it."""

    def __init__(self, *, broken=False):
        self.exceptions = SimpleNamespace(ResourceAlreadyExistsException=ClientError)
        self.messages = []
        self.batches = []
        self.broken = broken

    def create_log_group(self, **_):
        raise ClientError({"Error": {"Code": "ResourceAlreadyExistsException"}}, "CreateLogGroup")

    def create_log_stream(self, **_):
        pass

    def put_log_events(self, *, logEvents, **_):  # noqa: N803 - the name is the API's
        if self.broken:
            raise ClientError({"Error": {"Code": "ServiceUnavailable"}}, "PutLogEvents")
        self.batches.append(len(logEvents))
        self.messages += [event["message"] for event in logEvents]


def test_a_stream_is_cut_where_it_would_fill_the_memory_and_says_so():
    service = LogService()
    stream = logs.LogStream(service, "group", "stream")
    line = "x" * (1 << 20)
    for _ in range(100):
        stream.write([line])
    assert 60 < len(service.messages) < 70
    assert service.messages[-1] == "[emulator] log cut here after 64 MiB"


def test_no_batch_is_larger_than_the_service_takes():
    service = LogService()
    logs.LogStream(service, "group", "stream").write(["x"] * 25_000)
    assert service.batches == [10_000, 10_000, 5_000]


def test_a_service_that_fails_is_told_and_stops_nothing(capsys):
    logs.LogStream(LogService(broken=True), "group", "stream").write(["lost"])
    assert "log lines of stream lost" in capsys.readouterr().err
