"""Training jobs: lists, tags and deletion."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from helpers.kit.waiting import eventually


def test_jobs_are_listed_by_name_status_and_page(aws, request_for):
    names = [f"listed-{number:02}" for number in range(12)]
    for name in names:
        aws.sm.create_training_job(**request_for(TrainingJobName=name))
    first = aws.sm.list_training_jobs(NameContains="listed-")
    assert len(first["TrainingJobSummaries"]) == 10
    pages = aws.sm.get_paginator("list_training_jobs").paginate(NameContains="listed-")
    found = [job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]]
    assert found == names

    def completed():
        words = {"NameContains": "listed-", "StatusEquals": "Completed", "MaxResults": 100}
        return len(aws.sm.list_training_jobs(**words)["TrainingJobSummaries"]) == 12

    eventually(completed)
    down = {"SortBy": "Name", "SortOrder": "Descending", "MaxResults": 1}
    last = aws.sm.list_training_jobs(NameContains="listed-", **down)
    assert last["TrainingJobSummaries"][0]["TrainingJobName"] == names[-1]


def test_jobs_are_listed_by_time(aws, request_for):
    whole = request_for()
    aws.sm.create_training_job(**whole)
    job = aws.sm.describe_training_job(TrainingJobName=whole["TrainingJobName"])
    words = {"NameContains": whole["TrainingJobName"]}
    after = aws.sm.list_training_jobs(CreationTimeAfter=job["CreationTime"], **words)
    assert after["TrainingJobSummaries"] == []
    before = aws.sm.list_training_jobs(CreationTimeAfter=0, **words)
    assert len(before["TrainingJobSummaries"]) == 1


def test_tags_are_added_replaced_and_removed(aws, request_for):
    whole = request_for(Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    arn = aws.sm.create_training_job(**whole)["TrainingJobArn"]
    aws.sm.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "3"}])
    aws.sm.delete_tags(ResourceArn=arn, TagKeys=["b"])
    assert aws.sm.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "3"}]


def test_a_job_that_has_ended_can_be_deleted(aws, request_for):
    whole = request_for()
    name = {"TrainingJobName": whole["TrainingJobName"]}
    aws.sm.create_training_job(**whole)
    eventually(lambda: aws.sm.describe_training_job(**name)["TrainingJobStatus"] == "Completed")
    aws.sm.delete_training_job(**name)
    with pytest.raises(ClientError, match="Requested resource not found"):
        aws.sm.describe_training_job(**name)
