function code = main()
%MAIN  Run the training function of a SageMaker job: the engine's entry point in the container.
%   CODE = sagemaker_training.main() reads the job, puts the code folder on the path and calls the
%   function that the hyperparameter sagemaker_program names as
%       f(env, name, value, ...)
%   with env a sagemaker_training.Environment and the user's hyperparameters as pairs. The current
%   folder is the code folder during the call. CODE is 0, or 1 after an error: then the report is
%   in the log and in <base>/output/failure, and the process has to exit with CODE, because
%   SageMaker judges a job by its exit code alone.
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-signal-success-failure.html
%   See also sagemaker_training.failureReport.
    sagemaker_training.internal.prepareEngine();
    base = sagemaker_training.internal.baseFolder();
    code = 0;
    try
        sagemaker_training.internal.runUserFunction(sagemaker_training.Environment(base));
    catch err
        code = 1;
        codeFolder = fullfile(base, 'code');
        fprintf(2, '%s\n', sagemaker_training.failureReport(err, codeFolder));
        sagemaker_training.internal.writeFailure(base, err, codeFolder);
    end
end
