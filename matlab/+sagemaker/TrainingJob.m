classdef TrainingJob < handle
%TRAININGJOB  A training job of a project: how far it is, its log, and its end.
%   JOB = sagemaker.TrainingJob(NAME, SESSION) is the job NAME of SESSION's account; the name of its
%   project is the part of NAME before its key.
%
%   Name            - the job's name.
%   Status          - InProgress, Completed, Failed, Stopping or Stopped; asked anew each time,
%                     until it has ended.
%   SecondaryStatus - what it does, or how it has ended, such as Downloading or MaxRuntimeExceeded.
%   FailureReason   - why it has failed, '' where it has not.
%   ModelData       - S3 location of the model, '' while there is none.
%   Metrics         - struct of the metrics.
%   log             - the last lines of its log.
%   wait            - follow its log until it has ended.
%   stop            - stop it.
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
    end

    methods
        function obj = TrainingJob(name, session)
            sagemaker.internal.requireArguments(nargin, 'TrainingJob(name, session)');
            sagemaker.internal.requireSession(session);
            obj.Name = sagemaker.internal.requireText('name', name, '.', 'a job''s name');
            obj.Session = session;
            parts = regexp(obj.Name, '^(.+)-[a-z2-7]+-\d+$', 'tokens', 'once');
            if isempty(parts)
                error('sagemaker:job:name', ...
                      ['''%s'' is no job of the kit''s, which are called ' ...
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
        %LOG  The last lines of the job's log, at most 1,000.
        %   log(JOB) shows them; LINES = log(JOB) returns them as a column of texts.
            about = obj.ask({'--log'});
            lines = reshape(cellstr(about.log), [], 1);
            if nargout == 0
                fprintf('%s\n', lines{:});
                clear('lines');
            end
        end

        function wait(obj)
        %WAIT  Show the job's log until it has ended. Raises sagemaker:job:trainingFailed where it
        %   has failed or was stopped.
            if ~obj.hasEnded() || ~strcmp(obj.Known.status, 'Completed')
                obj.ask({'--follow'});
            end
        end

        function stop(obj)
        %STOP  Stop the job; what it has trained so far is lost.
            obj.ask({'--stop'});
        end
    end

    methods (Access = private)
        function value = fact(obj, name)
            if ~obj.hasEnded()
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
            about = obj.Session.run('job', [{obj.Name}, options], obj.Project);
            obj.Known = about;
        end
    end
end
