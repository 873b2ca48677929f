classdef MATLABEstimator < handle
%MATLABESTIMATOR  Train a MATLAB function on SageMaker and deploy the model.
%   E = sagemaker.MATLABEstimator(ROLE, NAME, VALUE, ...) describes a training. ROLE is the name or
%   ARN of the AWS role that the job runs with; '' is the role that the kit sets up. Options:
%       'TrainingFunction'  - handle to f(env, name, value, ...), or its name. Required.
%       'Session'           - a sagemaker.Session. Default: sagemaker.Session().
%       'BaseJobName'       - project name, for jobs and endpoint. Default: the function's name.
%       'HyperParameters'   - struct; its fields are the function's name-value arguments.
%       'MetricDefinitions' - struct or containers.Map: the name of a metric, and a regular
%                             expression that finds its value in the log, such as
%                             struct('accuracy', 'accuracy: ([0-9.]+)'). Default: none.
%       'InstanceType'      - type of the instances. Default 'ml.m5.large'.
%       'InstanceCount'     - number of instances, 1 to 100. Default 1.
%       'MaxRunTime'        - time limit: seconds, or a duration such as minutes(10). Default 1 day.
%       'UseSpotInstances'  - use spare instances: cheaper, but the job may wait. Default false.
%       'MaxWaitTime'       - time limit of waiting and running together. Default: MaxRunTime.
%       'Environment'       - environment variables: struct, containers.Map, dictionary, n x 2 cell
%       'StoreToken'        - store MLM_LICENSE_TOKEN of Environment in AWS Secrets Manager, where
%                             the job reads it; it is never sent with a job. Default false.
%       'BatchTokenSecret'  - name or ARN of that secret. Default 'matlab-sagemaker-batch-token'.
%       'Image'             - a training image of yours that is derived FROM the kit's. Default: the
%                             kit's, which it builds once.
%       'MATLABRelease'     - such as 'R2026a'. Default: the release of this MATLAB.
%       'Engine'            - 'matlab' or 'octave'. Default: what runs this session.
%       'Subnets', 'SecurityGroupsIds' - IDs, text or cell, of your network. Default: SageMaker's.
%       'Tags'              - AWS tags: as Environment, or a struct array with Key and Value
%   Raises sagemaker:input:<option> for a wrong value, such as sagemaker:input:maxRunTime.
%
%   fit          - train, or find the job that has trained exactly this.
%   deploy       - start an endpoint with the model: returns a sagemaker.MATLABPredictor.
%   writeProject - write code, data and settings as a folder for a repository.
%   attach       - (static) continue with a job that exists.
%   LatestTrainingJob, ModelData - the sagemaker.TrainingJob, and the S3 location of its model.
%
%   Example:
%       estimator = sagemaker.MATLABEstimator('', 'TrainingFunction', @trainModel, ...
%           'HyperParameters', struct('Depth', 3), 'UseSpotInstances', true, 'MaxRunTime', 600);
%       estimator.fit('training', 'data/training');
%       predictor = estimator.deploy('', 'ModelHandler', 1, 'ml.m5.large');
%
%   See also sagemaker.Session, sagemaker.TrainingJob, sagemaker.MATLABPredictor.

    properties
        Role = ''
        Session = []
        Image = ''
        BaseJobName = ''
        TrainingFunction = []
        MATLABRelease = ''
        HyperParameters = struct()
        MetricDefinitions = cell(0, 2)
        InstanceType = ''
        InstanceCount = 1
        Environment = cell(0, 2)
        MaxRunTime = []
        UseSpotInstances = false
        MaxWaitTime = []
        Subnets = {}
        SecurityGroupsIds = {}
        Tags = {}
        StoreToken = false
        BatchTokenSecret = 'matlab-sagemaker-batch-token'  % as scripts/setup/aws.yml names it
        Engine = ''
    end

    properties (SetAccess = private)
        LatestTrainingJob = []
    end

    properties (Dependent)
        ModelData
    end

    properties (Access = private)
        Fitted = []  % of the last fit: about, folder, and tidy, which removes the folder
        Served = {''}  % role, instance count and instance type of the last deploy
        Token = ''
    end

    methods
        function obj = MATLABEstimator(role, varargin)
            sagemaker.internal.requireArguments(nargin, 'MATLABEstimator(role)');
            obj.Role = sagemaker.internal.requireText('role', role, '.', 'a name or ARN, or ''''');
            obj.Engine = sagemaker.internal.engine();
            settings = sagemaker.internal.estimatorOptions(obj, varargin);
            names = fieldnames(settings);
            for k = 1:numel(names)
                obj.(names{k}) = settings.(names{k});
            end
            if isempty(obj.Session)
                obj.Session = sagemaker.Session();
            end
            obj.takeToken();
        end

        function fit(obj, varargin)
        %FIT  Train, or find the job that has trained or is training exactly this.
        %   fit(ESTIMATOR, CHANNEL, SOURCE, ...) trains with the data SOURCE: a folder, a file, a
        %   table, an S3 location, or struct('Location', one of these, 'ContentType', any type). The
        %   function finds the data in env.ChannelInputFolders.<CHANNEL>. Options:
        %       'Wait'    - show the log until the job has ended. Default true.
        %       'JobName' - name of the project for this call. Default: BaseJobName.
        %   Raises sagemaker:train:trainingFailed, with the line that failed if it is known.
            [channels, settings] = sagemaker.internal.fitArguments(varargin);
            name = sagemaker.internal.estimatorProject(obj, settings.JobName);
            obj.takeToken();
            [folder, tidy] = sagemaker.internal.temporaryFolder();
            about = sagemaker.internal.trainingProject(obj, name, channels, folder);
            sagemaker.internal.writeProjectFile(about, folder);
            fprintf('%s', sagemaker.internal.deployNeeds(obj.Engine));
            [obj.LatestTrainingJob, failure] = ...
                sagemaker.internal.train(obj.Session, folder, settings.Wait, obj.Token);
            obj.Token = '';  % it is stored now
            obj.Fitted = struct('about', about, 'folder', folder, 'tidy', tidy);
            if ~isempty(failure)
                rethrow(failure);
            end
        end

        function predictor = deploy(obj, role, handler, varargin)
        %DEPLOY  Start an endpoint with the trained model; wait for a job that is still training.
        %   PREDICTOR = deploy(ESTIMATOR, ROLE, HANDLER, INSTANCECOUNT, INSTANCETYPE) runs the
        %   endpoint with ROLE ('' is the kit's) and the class HANDLER ('' is
        %   DefaultInferenceHandler) on INSTANCECOUNT (default 1) instances of INSTANCETYPE (default
        %   'ml.m5.large'). Files and options are those of the last fit.
        %   Raises sagemaker:deploy:notTrained and sagemaker:deploy:trainingFailed.
            sagemaker.internal.requireArguments(nargin - 1, 'deploy(role, handler)');
            job = obj.LatestTrainingJob;
            if isempty(job)
                error('sagemaker:deploy:notTrained', ...
                      'There is no trained model. Call fit or attach first, then deploy.');
            end
            sagemaker.internal.requireCompleted(job);
            [folder, tidy] = sagemaker.internal.temporaryFolder();
            if isempty(obj.Fitted)  % an attached job: only its model is known
                about = sagemaker.internal.estimatorSettings(obj, job.Project);
                about.model = job.ModelData;
            else
                about = obj.Fitted.about;
                sagemaker.internal.copyWhole(fullfile(obj.Fitted.folder, '.'), folder);
            end
            about = sagemaker.internal.served(about, job.Project, [{role}, varargin]);
            obj.Served = [{role}, varargin];
            isTrained = ~isempty(obj.Fitted);
            about = sagemaker.internal.packageHandler(about, handler, folder, isTrained);
            predictor = sagemaker.internal.deployProject(obj.Session, about, folder);
        end

        function writeProject(obj, folder, varargin)
        %WRITEPROJECT  Write what fit has trained, with a handler, as a folder for a repository.
        %   writeProject(ESTIMATOR, FOLDER, HANDLER) writes sagemaker.yml, code, local data and the
        %   class HANDLER ('' is the default) into FOLDER, as they were at fit, with role and
        %   instances of the last deploy; without HANDLER, the project only trains. sagemaker.init
        %   adds the workflows. A pull request finds the model that fit has trained.
        %   writeProject(ESTIMATOR, FOLDER, HANDLER, CHANNEL, SOURCE, ...) takes this data, and code
        %   and options as they are now; it needs no fit.
        %   Raises sagemaker:writeProject:exists if FOLDER already has such files.
            sagemaker.internal.requireArguments(nargin - 1, 'writeProject(folder)');
            obj.takeToken();
            sagemaker.internal.writeProject(obj, obj.Fitted, obj.Served, char(folder), varargin);
        end

        function value = get.ModelData(obj)
            value = '';
            if ~isempty(obj.LatestTrainingJob)
                value = obj.LatestTrainingJob.ModelData;
            end
        end
    end

    methods (Static)
        function obj = attach(jobName, session)
        %ATTACH  Continue with a job that exists: show its log until it has ended.
        %   E = sagemaker.MATLABEstimator.attach(JOBNAME, SESSION) can deploy the model of the job.
        %   SESSION is sagemaker.Session() by default. If the job has failed or was stopped,
        %   E.LatestTrainingJob says why.
            sagemaker.internal.requireArguments(nargin, 'attach(jobName)');
            if nargin < 2
                session = sagemaker.Session();
            end
            obj = sagemaker.MATLABEstimator('', 'Session', session, 'TrainingFunction', jobName);
            obj.TrainingFunction = [];  % that of the job is not known
            obj.LatestTrainingJob = sagemaker.TrainingJob(jobName, session);
            obj.BaseJobName = obj.LatestTrainingJob.Project;
            fprintf('%s', sagemaker.internal.followToEnd(obj.LatestTrainingJob));
        end
    end

    methods (Access = private)
        function takeToken(obj)
            % Variables are sent with a job. The token may have been set at any time.
            [obj.Environment, token] = ...
                sagemaker.internal.withoutToken(obj.Environment, obj.StoreToken, ...
                                                obj.BatchTokenSecret);
            if ~isempty(token)
                obj.Token = token;
            end
        end
    end
end
