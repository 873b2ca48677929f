%RUNPUMPFAULTCLASSIFICATION  Simulate a pump, train a tree that finds its faults, and ask it.
%   Run it in MATLAB or GNU Octave with the kit's folder matlab on the path; sagemaker.doctor says
%   whether all that it needs is there. The endpoint costs money from deploy to deleteEndpoint.
%   See also simulatePump, trainPumpFaults.

root = fileparts(mfilename('fullpath'));
addpath(fullfile(root, 'simulation'), fullfile(root, 'code'), fullfile(root, 'inference'));

%% Data: writePumpData() makes these files anew
training = fullfile(root, 'data', 'training');
holdout = fullfile(root, 'data', 'holdout');

%% Session: the account and Region of the AWS configuration
session = sagemaker.Session('Project', 'pump-faults');

%% Estimator: what is trained, and on what. Spot capacity is cheaper and may have to wait.
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

%% Train on one channel, and judge by the runs of the other
estimator.fit('training', training, 'holdout', holdout);
disp(estimator.LatestTrainingJob.Name)
disp(estimator.LatestTrainingJob.Metrics)

%% Deploy
predictor = estimator.deploy('matlab-sagemaker-serving', 'PumpFaultInferenceHandler', 1, ...
                             'ml.m5.large');

%% Predict: new runs of the pump, one of each fault code
runs = pumpRuns(1, 1);
answer = predictor.predict(runs(:, 2:end));
disp(table(runs.fault, answer.fault, answer.meaning, ...
           'VariableNames', {'simulated', 'found', 'meaning'}))

%% Delete: an endpoint is billed as long as it is there
predictor.deleteModel();
predictor.deleteEndpoint(true);

%% From script to repository: pull requests then find the model that this script has trained
% estimator.writeProject('pump-faults', 'PumpFaultInferenceHandler')
