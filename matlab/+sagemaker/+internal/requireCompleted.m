function requireCompleted(job)
%REQUIRECOMPLETED  Wait for a sagemaker.TrainingJob, and show its log, unless it has ended already.
%   Raises sagemaker:deploy:trainingFailed for one that has ended without a model.
    if ~any(strcmp(job.Status, {'Completed', 'Failed', 'Stopped'}))
        job.wait();
    end
    if ~strcmp(job.Status, 'Completed')
        error('sagemaker:deploy:trainingFailed', ...
              ['The training job %s has no model: it is %s (%s). %s\nCorrect what has stopped ' ...
               'it, and call fit again.'], job.Name, job.Status, job.SecondaryStatus, ...
              job.FailureReason);
    end
end
