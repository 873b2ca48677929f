"""A training job and a deployment as a project would describe them."""

from matlab_sagemaker import resources

JOB = resources.TrainingJob(
    project="pump",
    image_key="k" * 16,
    function="trainModel",
    hyperparameters={"Depth": "3"},
    channels=(resources.Channel(name="training", uri="s3://b/p/", content={"a.csv": "1"}),),
    products=("MATLAB",),
    instance_type="ml.m5.large",
    instance_count=1,
    volume_gb=30,
    metrics={"accuracy": "accuracy: (.*)"},
    max_runtime=3600,
    role="arn:aws:iam::123456789012:role/sagemaker-execution",
    output="s3://b/pump/jobs",
)
DEPLOYMENT = resources.Deployment(
    project="pump",
    endpoint_name="pump",
    image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/matlab-sagemaker/inference@sha256:"
    + "a" * 64,
    model_data="s3://b/pump/jobs/pump-1/output/model.tar.gz",
    training_job="pump-1",
    role="arn:aws:iam::123456789012:role/sagemaker-execution",
    instance_type="ml.m5.large",
    instance_count=1,
)
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/matlab-sagemaker/training@sha256:" + "b" * 64
