"""List actions: filters, order and pages, the same for every kind of resource."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from emulator.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PAGE = 10
"""The number of results without MaxResults."""


def page(
    key: str,
    kind: str,
    summaries: Iterable[Mapping[str, Any]],
    request: Mapping[str, Any],
    *,
    order: str = "Descending",
) -> dict[str, Any]:
    """Make a page of summaries: ``key`` names the list, ``kind`` is a prefix of field names.

    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html
    """
    chosen = [summary for summary in summaries if _matches(summary, kind, request)]
    field = {"Name": f"{kind}Name", "Status": f"{kind}Status"}.get(
        request.get("SortBy", "CreationTime"), "CreationTime"
    )
    chosen.sort(key=lambda s: s[field], reverse=request.get("SortOrder", order) == "Descending")
    start = _start(request.get("NextToken"))
    end = start + request.get("MaxResults", _PAGE)
    answer: dict[str, Any] = {key: chosen[start:end]}
    if end < len(chosen):
        answer["NextToken"] = str(end)
    return answer


def _matches(summary: Mapping[str, Any], kind: str, request: Mapping[str, Any]) -> bool:
    if request.get("NameContains", "") not in summary[f"{kind}Name"]:
        return False
    if request.get("StatusEquals") not in {None, summary.get(f"{kind}Status")}:
        return False
    return all(
        _within(summary.get(field), request.get(f"{field}After"), request.get(f"{field}Before"))
        for field in ("CreationTime", "LastModifiedTime")
    )


def _within(time: datetime | None, after: float | None, before: float | None) -> bool:
    if time is None:
        return True
    return (after is None or time > _moment(after)) and (before is None or time < _moment(before))


def _moment(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, timezone.utc)


def _start(token: str | None) -> int:
    if token is None:
        return 0
    if not token.isdigit():
        raise ValidationError("Invalid pagination token.")
    return int(token)
