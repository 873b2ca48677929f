function followToEnd(job)
%FOLLOWTOEND  Show the log of a sagemaker.TrainingJob until it has ended, with or without success.
    try
        job.wait();
    catch err
        if ~any(strcmp(job.Status, {'Failed', 'Stopped'}))
            rethrow(err);
        end
        fprintf('%s\nThis job has no model to deploy.\n', err.message);
    end
end
