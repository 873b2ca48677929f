%RUNDEPLOYEXISTINGMODEL  Deploy a model that you have trained yourself, predict, and delete it.
%   Run this script in MATLAB or GNU Octave with the kit's folder matlab on the path. First call
%   sagemaker.doctor, which checks whether everything is ready. The endpoint costs money from deploy
%   to deleteEndpoint.
%   See also trainAtTheDesk.

root = fileparts(mfilename('fullpath'));
addpath(fullfile(root, 'desk'), fullfile(root, 'inference'));

%% Session: uses the account and Region of your AWS configuration
session = sagemaker.Session();

%% Model: use the file, or train the model here if there is none
file = fullfile(root, 'models', 'discriminant.mat');
if exist(file, 'file') ~= 2
    trainAtTheDesk(file);
end
model = sagemaker.MATLABModel(file, 'matlab-sagemaker-serving', ...
                              'DiscriminantInferenceHandler', session, ...
                              'Name', 'iris-discriminant');

%% Deploy to one instance. MATLAB compiles the handler first; Octave does not need to.
predictor = model.deploy(1, 'ml.m5.large');

%% Predict the species of a flower
flower = struct('sepal_length', 5.1, 'sepal_width', 3.5, 'petal_length', 1.4, 'petal_width', 0.2);
answer = predictor.predict(flower);
disp(answer)

%% Delete: an endpoint is billed until you delete it
predictor.deleteModel();
predictor.deleteEndpoint(true);
