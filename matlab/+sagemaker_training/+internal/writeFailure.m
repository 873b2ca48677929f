function writeFailure(base, err, codeFolder)
%WRITEFAILURE  <base>/output/failure, whose first 1024 characters become the job's FailureReason.
%   Where it cannot be written the log says so; the exit code still fails the job.
    text = sagemaker_training.failureReport(err, codeFolder, 1024);
    folder = fullfile(base, 'output');
    if exist(folder, 'dir') ~= 7
        mkdir(folder);
    end
    [file, reason] = fopen(fullfile(folder, 'failure'), 'w');
    if file < 0
        fprintf(2, 'The failure file cannot be written in %s: %s.\n', folder, reason);
        return
    end
    closing = onCleanup(@() fclose(file));
    fwrite(file, sagemaker_training.internal.toUtf8(text), 'uint8');
end
