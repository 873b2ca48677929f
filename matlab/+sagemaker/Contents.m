% Train and deploy MATLAB models on Amazon SageMaker
% Version 0.1.0 (R2023a) 29-Nov-2026
%
% Set up
%   setup           - Install the Python packages that the kit needs, once.
%   doctor          - Check that the AWS account and this machine are ready.
%   pyenv           - Same as setup; scripts of MathWorks' demo call it by this name.
%
% Train and deploy from a script
%   Session         - AWS account and Region that the other classes work in.
%   MATLABEstimator - Train a MATLAB function on SageMaker and deploy the model.
%   TrainingJob     - Status, log and metrics of a training job; stop it.
%   MATLABModel     - Deploy a model that you already have.
%   MATLABPredictor - Get predictions from an endpoint, and delete it.
%
% From script to repository
%   init            - Write sagemaker.yml and the workflows into your repository.
%
% Try a project on this machine before you push it
%   check           - Check sagemaker.yml and the code without running the code.
%   rehearse        - Run training and handler in this session, without AWS.
%
% Words in these help texts
%   kit              this software, in the folder that has the folder matlab
%   training job     one run of your training function on SageMaker
%   instance         a rented machine, such as ml.m5.large, billed while it runs
%   channel          a data set of a job, such as 'training': a folder with files
%   handler          a class of yours that answers requests with the model
%   endpoint         a web service that runs model and handler, billed until you delete it
%   role             permissions in AWS that a job or an endpoint runs with
%   S3 location      where a file or folder is in Amazon S3: s3://<bucket>/<folder>/<file>
%   project          all jobs and models, and the endpoint, under one name
%   sagemaker.yml    text file that describes a project; MATLABEstimator can write it for you
%
% See also sagemaker_training.Environment, sagemaker_inference.DefaultInferenceHandler
