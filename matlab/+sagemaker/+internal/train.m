function [job, failure] = train(session, folder, waits)
%TRAIN  Train the project in FOLDER, or find its job; FAILURE is the error of one that has failed.
%   JOB is a sagemaker.TrainingJob, of a job that failed as well: so its log can be looked at.
    options = {'--repository', 'release', '--no-wait'};
    [outputs, failure] = ...
        sagemaker.internal.callVerb(session, 'train', options(1:end - waits), folder);
    if ~isempty(failure) && (~isfield(outputs, 'job_name') || isempty(outputs.job_name))
        rethrow(failure);
    end
    job = sagemaker.TrainingJob(outputs.job_name, session);
end
