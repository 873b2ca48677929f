%RUNPUMPFAULTCLASSIFICATION  Train a tree that finds faults of a simulated pump, deploy it, predict.
%   Run this script in MATLAB or GNU Octave with the kit's folder matlab on the path. First call
%   sagemaker.doctor, which checks whether everything is ready. The endpoint costs money from deploy
%   to deleteEndpoint.
%   See also simulatePump, trainPumpFaults.

root = fileparts(mfilename('fullpath'));
addpath(fullfile(root, 'simulation'), fullfile(root, 'code'), fullfile(root, 'inference'));

%% Data: writePumpData() has simulated these files and can write them again
training = fullfile(root, 'data', 'training');
holdout = fullfile(root, 'data', 'holdout');

%% Session: uses the account and Region of your AWS configuration
session = sagemaker.Session('Project', 'pump-faults');

%% Estimator: describe the training. Spot instances are cheaper, but the job may have to wait.
estimator = sagemaker.MATLABEstimator('matlab-sagemaker-training', ...
    'Session', session, ...
    'BaseJobName', 'pump-faults', ...
    'TrainingFunction', @trainPumpFaults, ...
    'HyperParameters', struct('MinLeafSize', 2), ...
    'MetricDefinitions', struct( ...
        'held_out_accuracy', 'held-out accuracy: ([0-9.]+)', ...
        'resubstitution_accuracy', 'resubstitution accuracy: ([0-9.]+)'), ...
    'InstanceType', 'ml.m5.large', ...
    'UseSpotInstances', true, ...
    'MaxRunTime', 600, ...
    'MaxWaitTime', 1200);

%% Train on one channel, and test on the other
estimator.fit('training', training, 'holdout', holdout);
disp(estimator.LatestTrainingJob.Name)
disp(estimator.LatestTrainingJob.Metrics)

%% Deploy: start an endpoint with the model
predictor = estimator.deploy('matlab-sagemaker-serving', 'PumpFaultInferenceHandler', 1, ...
                             'ml.m5.large');

%% Predict the faults of new runs, one for each fault code
runs = pumpRuns(1, 1);
answer = predictor.predict(runs(:, 2:end));
disp(table(runs.fault, answer.fault, answer.meaning, ...
           'VariableNames', {'simulated', 'found', 'meaning'}))

%% Delete: an endpoint is billed until you delete it
predictor.deleteModel();
predictor.deleteEndpoint(true);

%% Make a repository: its pull requests find the model that this script has trained
% estimator.writeProject('pump-faults', 'PumpFaultInferenceHandler')
