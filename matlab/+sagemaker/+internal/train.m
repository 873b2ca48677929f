function [job, failure] = train(session, folder, waits)
%TRAIN  Train the project in FOLDER, or find the job that has trained it.
%   [JOB, FAILURE] = train(SESSION, FOLDER, WAITS): JOB is a sagemaker.TrainingJob, also of a job
%   that has failed, so that its log can be shown. FAILURE is then the error, else [].
    options = {'--repository', 'release', '--no-wait'};
    [outputs, failure] = ...
        sagemaker.internal.callVerb(session, 'train', options(1:end - waits), folder);
    if ~isempty(failure) && (~isfield(outputs, 'job_name') || isempty(outputs.job_name))
        rethrow(failure);
    end
    job = sagemaker.TrainingJob(outputs.job_name, session);
end
