function followToEnd(job)
%FOLLOWTOEND  Show the log of a sagemaker.TrainingJob until it has ended, whatever it has ended as.
    try
        job.wait();
    catch err
        if ~any(strcmp(job.Status, {'Failed', 'Stopped'}))
            rethrow(err);
        end
        fprintf('%s\nThe estimator has no model to deploy.\n', err.message);
    end
end
