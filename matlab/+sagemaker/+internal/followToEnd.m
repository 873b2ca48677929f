function message = followToEnd(job)
%FOLLOWTOEND  Show the log of a sagemaker.TrainingJob until it has ended, with or without success.
%   MESSAGE says why it has no model; '' if it has one.
    message = '';
    try
        job.wait();
    catch err
        if ~any(strcmp(job.Status, {'Failed', 'Stopped'}))
            rethrow(err);
        end
        message = sprintf('%s\nThis job has no model to deploy.\n', err.message);
    end
end
