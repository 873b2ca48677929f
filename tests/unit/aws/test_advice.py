"""The advice when AWS refuses: it names what to change."""

from matlab_sagemaker.aws import advice


def test_a_job_that_the_role_may_not_make_is_told_what_bounds_it():
    said = (
        "User: arn:aws:sts::123456789012:assumed-role/train/x is not authorized to perform: "
        "sagemaker:CreateTrainingJob on resource: arn:aws:sagemaker:eu-west-1:123456789012:training"
        "-job/t-1 because no identity-based policy allows the sagemaker:CreateTrainingJob action"
    )
    told = advice.advice("AccessDeniedException", said)
    assert "TrainingInstanceTypes" in told
    assert "training.instance_type" in told
    other = said.replace("CreateTrainingJob", "CreateModel")
    assert "Training" not in advice.advice("AccessDeniedException", other)
