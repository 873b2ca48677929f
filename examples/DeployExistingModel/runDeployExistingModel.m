%RUNDEPLOYEXISTINGMODEL  Deploy a discriminant that was trained at the desk, ask it, and delete it.
%   Run it in MATLAB or GNU Octave with the kit's folder matlab on the path; sagemaker.doctor says
%   whether all that it needs is there. The endpoint costs money from deploy to deleteEndpoint.
%   See also trainAtTheDesk.

root = fileparts(mfilename('fullpath'));
addpath(fullfile(root, 'desk'), fullfile(root, 'inference'));

%% Session: the account and Region of the AWS configuration
session = sagemaker.Session();

%% Model: what is there, or train it at the desk
file = fullfile(root, 'models', 'discriminant.mat');
if exist(file, 'file') ~= 2
    trainAtTheDesk(file);
end
model = sagemaker.MATLABModel(file, 'matlab-sagemaker-serving', ...
                              'DiscriminantInferenceHandler', session, ...
                              'Name', 'iris-discriminant');

%% Deploy: one instance; MATLAB compiles the handler, Octave takes it as it is
predictor = model.deploy(1, 'ml.m5.large');

%% Predict: a row a flower
flower = struct('sepal_length', 5.1, 'sepal_width', 3.5, 'petal_length', 1.4, 'petal_width', 0.2);
answer = predictor.predict(flower);
disp(answer)

%% Delete: an endpoint is billed as long as it is there
predictor.deleteModel();
predictor.deleteEndpoint(true);
