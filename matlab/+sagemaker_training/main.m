function code = main()
%MAIN  Run the training function of a SageMaker job: MATLAB or Octave starts here in the container.
%   CODE = sagemaker_training.main() reads the job with sagemaker_training.Environment and runs its
%   sagemaker_training.EntryPoint. CODE is 0, or 1 after an error. The report of an error is in the
%   log and in the file <base>/output/failure. The process must exit with CODE, because SageMaker
%   judges a job only by its exit code.
%
%   Example: exit(sagemaker_training.main())
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-signal-success-failure.html
%   See also sagemaker_training.EntryPoint, sagemaker_training.failureReport.
    base = sagemaker_training.internal.baseFolder();
    code = 0;
    try
        run(sagemaker_training.EntryPoint(sagemaker_training.Environment(base)));
    catch err
        code = 1;
        codeFolder = sagemaker_training.internal.codeFolder(base);
        fprintf(2, '%s\n', sagemaker_training.failureReport(err, codeFolder));
        writeFailure(base, err, codeFolder);
    end
end

function writeFailure(base, err, codeFolder)
    % SageMaker shows the first 1024 characters of the file as FailureReason of the job. If it
    % cannot be written, the log says so, and the exit code still fails the job.
    text = sagemaker_training.failureReport(err, codeFolder, 1024);
    folder = fullfile(base, 'output');
    if exist(folder, 'dir') ~= 7
        mkdir(folder);
    end
    [file, reason] = fopen(fullfile(folder, 'failure'), 'w');
    if file < 0
        fprintf(2, 'Cannot write the failure file in %s: %s.\n', folder, reason);
        return
    end
    closing = onCleanup(@() fclose(file));
    fwrite(file, sagemaker_training.internal.toUtf8(text), 'uint8');
end
