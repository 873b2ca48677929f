function [job, failure] = train(session, folder, waits, token)
%TRAIN  Train the project in FOLDER, or find the job that has trained it.
%   [JOB, FAILURE] = train(SESSION, FOLDER, WAITS, TOKEN) first finds or builds the training image,
%   and stores TOKEN unless it is ''. JOB is a sagemaker.TrainingJob, also of a job that has failed,
%   so that its log can be shown. FAILURE is then the error, else [].
    buildImage(session, folder, token);
    options = {'--repository', 'release'};
    if ~waits
        options{end + 1} = '--no-wait';
    end
    [outputs, failure] = sagemaker.internal.callVerb(session, 'train', options, folder);
    if ~isempty(failure) && (~isfield(outputs, 'job_name') || isempty(outputs.job_name))
        rethrow(failure);
    end
    job = sagemaker.TrainingJob(outputs.job_name, session);
end

function buildImage(session, folder, token)
    options = {'--repository', 'release'};
    if ~isempty(token)
        options = [options, {'--store-token', 'true'}];
    end
    restore = sagemaker.internal.setVariables({'MLM_LICENSE_TOKEN'}, {token});
    sagemaker.internal.callVerb(session, 'build-training-image', options, folder);
end
