classdef TrainingJob < handle
%TRAININGJOB  Status, log and metrics of a training job; stop it.
%   JOB = sagemaker.TrainingJob(NAME, SESSION) is the job NAME in the account of SESSION, by default
%   sagemaker.Session(). NAME is <project>-<key>-<number>, as the kit names its jobs. Raises
%   sagemaker:job:name for another name.
%
%   Name            - name of the job.
%   Status          - InProgress, Completed, Failed, Stopping or Stopped. AWS is asked each time
%                     until the job has ended, at most once a second.
%   SecondaryStatus - what the job is doing or how it ended, such as Downloading or
%                     MaxRuntimeExceeded.
%   FailureReason   - why the job has failed; '' if it has not.
%   ModelData       - S3 location of the model; '' while there is none.
%   Metrics         - struct: one field for each metric.
%   log             - show or return the last lines of the log.
%   wait            - show the log until the job has ended.
%   stop            - stop the job.
%
%   Example:
%       estimator.fit('training', 'data/training', 'Wait', false);
%       job = estimator.LatestTrainingJob;
%       disp(job.Status)
%       job.wait();
%
%   See also sagemaker.MATLABEstimator.

    properties (SetAccess = private)
        Name
        Project
    end

    properties (Dependent)
        Status
        SecondaryStatus
        FailureReason
        ModelData
        Metrics
    end

    properties (Access = private)
        Session
        Known = []
        Asked = []  % the time of tic at the last answer
    end

    methods
        function obj = TrainingJob(name, session)
            sagemaker.internal.requireArguments(nargin, 'TrainingJob(name)');
            if nargin < 2
                session = sagemaker.Session();
            end
            sagemaker.internal.requireSession(session);
            obj.Name = sagemaker.internal.requireText('name', name, '.', 'the name of a job');
            obj.Session = session;
            parts = regexp(obj.Name, '^(.+)-[a-z2-7]+-\d+$', 'tokens', 'once');
            if isempty(parts)
                error('sagemaker:job:name', ...
                      ['''%s'' is not the name of a job of the kit: these are ' ...
                       '<project>-<key>-<number>. Take the name from LatestTrainingJob.Name.'], ...
                      obj.Name);
            end
            obj.Project = parts{1};
        end

        function value = get.Status(obj)
            value = obj.fact('status');
        end

        function value = get.SecondaryStatus(obj)
            value = obj.fact('secondary_status');
        end

        function value = get.FailureReason(obj)
            value = obj.fact('failure_reason');
        end

        function value = get.ModelData(obj)
            value = obj.fact('model_data');
        end

        function value = get.Metrics(obj)
            value = obj.fact('metrics');
        end

        function lines = log(obj)
        %LOG  Show or return the last lines of the job's log, at most 1,000.
        %   log(JOB) shows them. LINES = log(JOB) returns them as a column cell of text.
            about = obj.ask({'--log'});
            lines = reshape(sagemaker.internal.texts(about.log, 'log'), [], 1);
            if nargout == 0
                cellfun(@(line) fprintf('%s\n', line), lines);
                clear('lines');
            end
        end

        function wait(obj)
        %WAIT  Show the log until the job has ended.
        %   Raises sagemaker:job:trainingFailed if the job has failed or was stopped.
            if ~obj.hasEnded() || ~strcmp(obj.Known.status, 'Completed')
                obj.ask({'--follow'});
            end
        end

        function stop(obj)
        %STOP  Stop the job. What it has trained so far is lost.
            obj.ask({'--stop'});
        end
    end

    methods (Access = private)
        function value = fact(obj, name)
            % MATLAB reads all properties to display a job: ask once for all of them.
            isFresh = ~isempty(obj.Asked) && toc(obj.Asked) < 1;
            if ~obj.hasEnded() && ~isFresh
                obj.ask({});
            end
            value = obj.Known.(name);
            if isempty(value)
                value = '';
            end
        end

        function tf = hasEnded(obj)
            tf = ~isempty(obj.Known) && ...
                 any(strcmp(obj.Known.status, {'Completed', 'Failed', 'Stopped'}));
        end

        function about = ask(obj, options)
            obj.Asked = [];
            about = obj.Session.run('job', [{obj.Name}, options], obj.Project);
            obj.Known = about;
            obj.Asked = tic();
        end
    end
end
