function requireCompleted(job)
%REQUIRECOMPLETED  Wait for a sagemaker.TrainingJob and show its log, unless it has ended.
%   Raises sagemaker:deploy:trainingFailed if it has ended without a model.
    if ~any(strcmp(job.Status, {'Completed', 'Failed', 'Stopped'}))
        sagemaker.internal.followToEnd(job);
    end
    if ~strcmp(job.Status, 'Completed')
        error('sagemaker:deploy:trainingFailed', ...
              ['The training job %s has no model: it is %s (%s). %s\nCorrect the cause and ' ...
               'call fit again.'], job.Name, job.Status, job.SecondaryStatus, ...
              job.FailureReason);
    end
end
