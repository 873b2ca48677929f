classdef MATLABEstimator < handle
%MATLABESTIMATOR  Train a MATLAB function on SageMaker, and deploy what it has trained.
%   E = sagemaker.MATLABEstimator(ROLE, NAME, VALUE, ...) trains as ROLE, by name or ARN; '' is
%   the kit's. Options:
%       'Session'           - a sagemaker.Session. Default: that of the AWS configuration.
%       'Image'             - training image of your own in ECR. Default: the kit's, built once.
%       'BaseJobName'       - name of the project; jobs and endpoint are called by it. Default: the
%                             function's.
%       'TrainingFunction'  - handle to f(env, name, value, ...), or its name. Required.
%       'MATLABRelease'     - such as 'R2026a'. Default: that of this MATLAB.
%       'HyperParameters'   - struct; its fields are the function's name-value arguments.
%       'MetricDefinitions' - struct or containers.Map: a metric's name, and the pattern that finds
%                             its value in the log, such as struct('accuracy',
%                             'accuracy: ([0-9.]+)'). Default: none.
%       'InstanceType'      - default 'ml.m5.large'
%       'InstanceCount'     - default 1
%       'Environment'       - variables of the job: struct, containers.Map, dictionary, n x 2 cell
%       'MaxRunTime'        - longest run: duration, such as minutes(10), or seconds. Default 1 day.
%       'UseSpotInstances'  - train on spot capacity. Default false.
%       'MaxWaitTime'       - longest wait for it and run together. Default: MaxRunTime.
%       'Subnets', 'SecurityGroupsIds' - ids, one text or a cell. Default: SageMaker's own network.
%       'Tags'              - as Environment, or a struct array with Key and Value
%       'StoreToken'        - put MLM_LICENSE_TOKEN of Environment into Secrets Manager, where the
%                             job gets it. It is never sent with a job. Default false.
%       'Engine'            - matlab or octave. Default: that of this session.
%
%   fit          - train, or find the job that has trained exactly this.
%   deploy       - serve what was trained: returns a sagemaker.MATLABPredictor.
%   writeProject - write all of it as a folder for a repository.
%   attach       - (static) the estimator of a job that is there.
%   LatestTrainingJob, ModelData - the job, and the S3 location of its model.
%
%   Example:
%       estimator = sagemaker.MATLABEstimator('', 'TrainingFunction', @trainModel, ...
%           'HyperParameters', struct('Depth', 3), 'UseSpotInstances', true, 'MaxRunTime', 600);
%       estimator.fit('training', 'data/training');
%       predictor = estimator.deploy('', 'ModelHandler', 1, 'ml.m5.large');
%
%   See also sagemaker.Session, sagemaker.TrainingJob.

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
        Engine = ''
    end

    properties (SetAccess = private)
        LatestTrainingJob = []
    end

    properties (Dependent)
        ModelData
    end

    properties (Access = private)
        Fitted = []  % what fit has written: about, folder, and tidy, which removes the folder
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
        %   fit(ESTIMATOR, CHANNEL, SOURCE, ...) has the data SOURCE in the folder of the channel
        %   CHANNEL, such as 'training'. A source is a folder, a file, a table, an S3 location, or
        %   struct('Location', one of these, 'ContentType', type), whose type nobody needs: the
        %   training function gets the files. Options:
        %       'Wait'    - wait until the job has ended, its log shown. Default true.
        %       'JobName' - name of the project for this call.
        %   Raises sagemaker:train:trainingFailed, with the line that failed where that is known.
            [channels, settings] = sagemaker.internal.fitArguments(varargin);
            name = sagemaker.internal.estimatorProject(obj, settings.JobName);
            obj.takeToken();
            [folder, tidy] = sagemaker.internal.temporaryFolder();
            about = sagemaker.internal.trainingProject(obj, name, channels, folder);
            sagemaker.internal.writeProjectFile(about, folder);
            fprintf('%s', sagemaker.internal.deployNeeds(obj.Engine));
            sagemaker.internal.buildImage(obj.Session, folder, obj.Token);
            obj.Token = '';  % it is stored
            [obj.LatestTrainingJob, failure] = ...
                sagemaker.internal.train(obj.Session, folder, settings.Wait);
            obj.Fitted = struct('about', about, 'folder', folder, 'tidy', tidy);
            if ~isempty(failure)
                rethrow(failure);
            end
        end

        function predictor = deploy(obj, role, handler, varargin)
        %DEPLOY  Serve what was trained; a job that is still training is waited for.
        %   PREDICTOR = deploy(ESTIMATOR, ROLE, HANDLER, INSTANCECOUNT, INSTANCETYPE) serves it as
        %   ROLE ('' is the kit's), with the class HANDLER ('' is DefaultInferenceHandler), on
        %   INSTANCECOUNT (default 1) instances of INSTANCETYPE (default 'ml.m5.large'). Files and
        %   options are those that fit had: changes since then count from the next fit.
            sagemaker.internal.requireArguments(nargin - 1, 'deploy(role, handler)');
            job = obj.LatestTrainingJob;
            if isempty(job)
                error('sagemaker:deploy:notTrained', ...
                      'Nothing has been trained. Call fit, or attach to a job, and then deploy.');
            end
            sagemaker.internal.requireCompleted(job);
            [folder, tidy] = sagemaker.internal.temporaryFolder();
            if isempty(obj.Fitted)  % of an attached job only the model is known
                about = sagemaker.internal.estimatorSettings(obj, job.Project);
                about.model = job.ModelData;
            else
                about = obj.Fitted.about;
                sagemaker.internal.copyWhole(fullfile(obj.Fitted.folder, '.'), folder);
            end
            about = sagemaker.internal.served(about, role, job.Project, varargin);
            isTrained = ~isempty(obj.Fitted);
            about = sagemaker.internal.packageHandler(about, handler, folder, isTrained);
            predictor = sagemaker.internal.deployProject(obj.Session, about, folder);
        end

        function writeProject(obj, folder, handler, varargin)
        %WRITEPROJECT  Write what fit has trained, and a handler, as a folder for a repository.
        %   writeProject(ESTIMATOR, FOLDER, HANDLER) writes sagemaker.yml, code, local data and the
        %   class HANDLER ('' is the default) into FOLDER; `scripts/run init --workflows` adds the
        %   workflows. A pull request of that repository finds the model that is trained already:
        %   files and options are those that fit had.
        %   writeProject(ESTIMATOR, FOLDER, HANDLER, CHANNEL, SOURCE, ...) has data of its own, and
        %   the files and options that there are now.
        %   Raises sagemaker:writeProject:exists where FOLDER has such files.
            sagemaker.internal.requireArguments(nargin - 1, 'writeProject(folder)');
            channels = {};
            if ~isempty(varargin)
                channels = sagemaker.internal.fitArguments(varargin);
            end
            handlers = {};
            if nargin > 2
                handlers = {handler};
            end
            obj.takeToken();
            sagemaker.internal.writeProject(obj, obj.Fitted, channels, char(folder), handlers);
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
        %ATTACH  The estimator of a job that is there, once it has ended; its log is shown.
        %   E = sagemaker.MATLABEstimator.attach(JOBNAME, SESSION) can deploy what it has trained;
        %   of a job that has failed or was stopped, E.LatestTrainingJob says why.
            sagemaker.internal.requireArguments(nargin, 'attach(jobName, session)');
            obj = sagemaker.MATLABEstimator('', 'Session', session, 'TrainingFunction', jobName);
            obj.TrainingFunction = [];  % the job's own is not known
            obj.LatestTrainingJob = sagemaker.TrainingJob(jobName, session);
            obj.BaseJobName = obj.LatestTrainingJob.Project;
            sagemaker.internal.followToEnd(obj.LatestTrainingJob);
        end
    end

    methods (Access = private)
        function takeToken(obj)
            % Out of the variables, which are sent; it may have been put there at any time.
            [obj.Environment, token] = ...
                sagemaker.internal.withoutToken(obj.Environment, obj.StoreToken);
            if ~isempty(token)
                obj.Token = token;
            end
        end
    end
end
