"""An Amazon SageMaker that really runs things: it keeps the contracts of programs and clients.

It is moto's server with training, hosting and a registry behind it:

- training jobs: /opt/ml layout and configuration files, statuses in SageMaker's order, logs and
  metrics as they come, model.tar.gz and output.tar.gz in S3, failure file, exit codes,
  StopTrainingJob, MaxRuntimeInSeconds;
- models, endpoint configurations and endpoints: real serving processes gated by /ping, blue/green
  updates with alarms and roll-back, InvokeEndpoint with ModelError, restarts of what dies;
- a registry behind ECR's layer upload calls, whose images are unpacked and run ("folder images":
  programs that borrow the machine's interpreters); requests checked against the limits that
  botocore's service model states, roles against IAM;
- with --docker, a real registry behind ECR, which `docker push` and `docker pull` reach with the
  login that ECR gives, and its images run as containers, as root, on the machine's network, with
  /opt/ml from a folder of this machine and their memory limited. Tags are immutable for ECR's calls
  alone, and a server that heeds no SAGEMAKER_BIND_TO_PORT is in the way of a second one.

STS checks web identities as AWS does: provider in IAM, signature, end, audience, and the role's
trust policy (string conditions on GitHub's claims). The session of a role ends, and every service
refuses it then. IAM simulates policies. With --enforce-iam every request is judged by the policies
of its caller, of its session, bucket, repository and of the role that it assumes; jobs and
endpoints read, write and log as their own role; what the judge does not know is denied and says so.
An access key that nobody made here is the account's own (root). Signatures are not checked;
Docker's pushes and pulls, permissions boundaries and policies of secrets are not judged.

S3, IAM, CloudWatch (logs, alarms), Secrets Manager and SageMaker's records are moto's. S3
heeds conditional writes and what bucket policies deny to everybody, and checks and keeps the
checksums of objects and parts (CRC32, SHA1, SHA256). CloudFormation makes what
scripts/setup/aws.yml describes; moto's CloudFormation needs more packages than the demo has: the
environment `dev` holds them.

It refuses what it does not run: every operation of SageMaker's other than those above, and model
packages, experiments, trials and tags, which are records; and members of requests that would change
what happens (sagemaker/left_out.py), such as Pipe mode, file systems as channels, serverless,
asynchronous and streamed inference, data capture and multi-model endpoints. It takes and ignores:
checkpoints, spot, warm pools, VPC, KMS, encryption, network isolation. It writes no CloudWatch
metrics: alarms change by SetAlarmState. A container that exits while it starts fails its endpoint
at once (SageMaker tries for many minutes); a process stands for each instance, on this machine. All
that it writes lies under one folder, and is gone when it ends.
"""
