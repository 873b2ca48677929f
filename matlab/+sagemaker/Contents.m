% Train and deploy MATLAB models on Amazon SageMaker
% Version 0.1.0 (R2023a) 29-Nov-2026
%
% At the desk, from a script
%   Session         - An AWS account and Region: what all other classes work with.
%   MATLABEstimator - Train a MATLAB function on SageMaker, and deploy what it has trained.
%   TrainingJob     - A training job of a project: how far it is, its log, and its end.
%   MATLABModel     - A model that exists, and the handler that answers with it.
%   MATLABPredictor - An endpoint that answers requests.
%
% For the project of a repository, before its workflows run
%   check           - Look at sagemaker.yml, code, names of columns and syntax: nothing is run.
%   rehearse        - Try training and handler in this session, in seconds and without AWS.
%
% What all of it needs
%   setup           - Prepare the kit's Python environment, once.
%   doctor          - Say what is fine and what is not, of account, images and this machine.
%   pyenv           - The same as setup, by the name that scripts of MathWorks' demo call.
%
% See also sagemaker_training.Environment, sagemaker_inference.DefaultInferenceHandler
