%RUNTRAINANDDEPLOYCLASSIFICATIONTREE  Train a tree on Fisher's iris, deploy it, ask it, delete it.
%   Run it in MATLAB or GNU Octave with the kit's folder matlab on the path; sagemaker.doctor says
%   whether all that it needs is there. The endpoint costs money from deploy to deleteEndpoint.
%   Run twice, it trains once.
%   See also trainClassificationTree.

root = fileparts(mfilename('fullpath'));
addpath(fullfile(root, 'code'), fullfile(root, 'inference'));

%% Session: the account and Region of the AWS configuration
session = sagemaker.Session('Project', 'flowers');

%% Estimator: what is trained, and on what. Spot capacity is cheaper and may have to wait.
estimator = sagemaker.MATLABEstimator('matlab-sagemaker-training', ...
    'Session', session, ...
    'BaseJobName', 'flowers', ...
    'TrainingFunction', @trainClassificationTree, ...
    'HyperParameters', struct('MinLeafSize', 1), ...
    'MetricDefinitions', struct( ...
        'resubstitution_accuracy', 'resubstitution accuracy: ([0-9.]+)', ...
        'cross_validated_accuracy', 'cross-validated accuracy: ([0-9.]+)'), ...
    'InstanceType', 'ml.m5.large', ...
    'UseSpotInstances', true, ...
    'MaxRunTime', 600, ...
    'MaxWaitTime', 1200);

%% Train without waiting: this session may be closed, and the job goes on
estimator.fit('training', fullfile(root, 'data', 'training'), 'Wait', false);
jobName = estimator.LatestTrainingJob.Name;

%% Find the job again, in this session or another
estimator = sagemaker.MATLABEstimator.attach(jobName, session);
job = estimator.LatestTrainingJob;
job.wait();
fprintf('%s: %s\n', jobName, job.Status);
disp(job.Metrics)

%% Deploy
predictor = estimator.deploy('matlab-sagemaker-serving', 'ClassificationTreeInferenceHandler', ...
                             1, 'ml.m5.large');

%% Predict: a row a flower
flower = struct('sepal_length', 5.1, 'sepal_width', 3.5, 'petal_length', 1.4, 'petal_width', 0.2);
answer = predictor.predict(flower);
disp(answer)

%% Delete: an endpoint is billed as long as it is there
predictor.deleteModel();
predictor.deleteEndpoint(true);
