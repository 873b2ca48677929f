"""An emulator of Amazon SageMaker that really runs training jobs and endpoints.

Programs in its containers and clients of its API see what they would see on SageMaker. It is moto's
server, extended with training, hosting and a registry:

- training jobs: /opt/ml layout and configuration files, statuses in SageMaker's order, logs and
  metrics while the job runs, model.tar.gz and output.tar.gz in S3, failure file, exit codes,
  StopTrainingJob, MaxRuntimeInSeconds;
- models, endpoint configurations and endpoints: real serving processes that must answer /ping,
  blue/green updates with alarms and rollback, InvokeEndpoint with ModelError, restarts of processes
  that end;
- a registry behind ECR's layer upload calls, whose images are unpacked and run as processes
  ("folder images", which use this machine's interpreters). Requests are checked against the limits
  in botocore's service model, and roles against IAM;
- with --docker, a real registry behind ECR, for `docker push` and `docker pull` with the login from
  ECR. Its images run as containers, as root, on the machine's network, with /opt/ml from a folder
  on this machine and limited memory. Tags are immutable only for ECR's calls. Two servers that
  ignore SAGEMAKER_BIND_TO_PORT cannot run at the same time.

STS checks web identities as AWS does: provider in IAM, signature, expiry, audience, and the role's
trust policy (string conditions on GitHub's claims). Sessions of roles expire, and every service
then refuses them. IAM simulates policies. With --enforce-iam, every request is judged by the
policies of its caller, session, bucket and repository, and of the role that it assumes; jobs and
endpoints read, write and log with their own role. Requests that the judge does not know are denied,
with a message that says so. An access key that was not created here belongs to the account's root
user. It does not check signatures, and does not judge Docker's pushes and pulls, permissions
boundaries and policies of secrets.

moto provides S3, IAM, CloudWatch (logs, alarms), Secrets Manager and SageMaker's records. S3 is
extended: it supports conditional writes, applies what bucket policies deny to everybody, and checks
and keeps the checksums of objects and parts (CRC32, SHA1, SHA256). CloudFormation supports the
resources in scripts/setup/aws.yml; it needs packages that only the environment `dev` has, not the
demo's.

The emulator refuses what it does not run: all other SageMaker operations, except those on model
packages, experiments, trials and tags, which are only records; and request members that would
change what happens (sagemaker/left_out.py), such as Pipe mode, file systems as channels,
serverless, asynchronous and streamed inference, data capture and multi-model endpoints. It accepts
but ignores checkpoints, spot, warm pools, VPC, KMS, encryption and network isolation. It writes no
CloudWatch metrics; alarms change by SetAlarmState. A container that exits while it starts fails its
endpoint at once (SageMaker retries for many minutes). Each instance is one process on this machine.
Everything the emulator writes is in one folder, which it empties when it ends.
"""
