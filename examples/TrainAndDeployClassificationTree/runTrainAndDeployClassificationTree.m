%RUNTRAINANDDEPLOYCLASSIFICATIONTREE  Train a tree on Fisher's iris, deploy it, predict, delete it.
%   Run this script in MATLAB or GNU Octave with the kit's folder matlab on the path. First call
%   sagemaker.doctor, which checks whether everything is ready. The endpoint costs money from deploy
%   to deleteEndpoint. If you run the script again, it does not train again.
%   See also trainClassificationTree.

root = fileparts(mfilename('fullpath'));
addpath(fullfile(root, 'code'), fullfile(root, 'inference'));

%% Session: uses the account and Region of your AWS configuration
session = sagemaker.Session('Project', 'flowers');

%% Estimator: describe the training. Spot instances are cheaper, but the job may have to wait.
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

%% Train without waiting: the job continues even if you close this session
estimator.fit('training', fullfile(root, 'data', 'training'), 'Wait', false);
jobName = estimator.LatestTrainingJob.Name;

%% Continue with the job, in this session or in another one
estimator = sagemaker.MATLABEstimator.attach(jobName, session);
job = estimator.LatestTrainingJob;
job.wait();
fprintf('%s: %s\n', jobName, job.Status);
disp(job.Metrics)

%% Deploy: start an endpoint with the model
predictor = estimator.deploy('matlab-sagemaker-serving', 'ClassificationTreeInferenceHandler', ...
                             1, 'ml.m5.large');

%% Predict the species of a flower
flower = struct('sepal_length', 5.1, 'sepal_width', 3.5, 'petal_length', 1.4, 'petal_width', 0.2);
answer = predictor.predict(flower);
disp(answer)

%% Delete: an endpoint is billed until you delete it
predictor.deleteModel();
predictor.deleteEndpoint(true);
