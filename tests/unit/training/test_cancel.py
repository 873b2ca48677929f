"""What a cancelled run says about its job."""

import pytest
from botocore.exceptions import ClientError

from matlab_sagemaker.errors import InterruptedRunError, UnreachableError
from matlab_sagemaker.training import attempts, cancel

ENDED = {"Error": {"Code": "ValidationException", "Message": "The request was rejected."}}


class Account:
    """An account with one job of the run `mine`; it may have ended."""

    partition, region, account = "aws", "eu-west-1", "123456789012"

    def __init__(self, *, ended):
        self.ended, self.stopped = ended, []
        self.sagemaker = self

    def list_tags(self, **_):
        return {"Tags": [{"Key": "matlab-sagemaker:run", "Value": "mine"}]}

    def stop_training_job(self, TrainingJobName):  # noqa: N803 (the API's name)
        if self.ended:
            raise ClientError(ENDED, "StopTrainingJob")
        self.stopped.append(TrainingJobName)


@pytest.mark.parametrize(
    ("ended", "words"),
    [(False, "and its training job job-1 was stopped"), (True, "job-1 had ended")],
)
def test_a_job_that_has_ended_is_not_said_to_be_cancelled(ended, words):
    account = Account(ended=ended)
    with (
        pytest.raises(InterruptedRunError, match=words),
        cancel.stops_job(account, "job-1", "mine"),
    ):
        raise KeyboardInterrupt
    assert account.stopped == ([] if ended else ["job-1"])


def test_a_job_whose_start_aws_has_not_answered_is_named_with_how_to_stop_it():
    with pytest.raises(UnreachableError) as caught, attempts.may_run("job-1"):
        raise UnreachableError("AWS could not be asked.")
    assert "job-1 may have started" in caught.value.what
    assert "stop-training-job --training-job-name job-1" in caught.value.do
