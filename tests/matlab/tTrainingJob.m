function tests = tTrainingJob
%TTRAININGJOB  sagemaker.TrainingJob: properties, log, wait and stop.
    tests = functiontests(localfunctions);
end

function text = described(status)
    text = ['{"training-job": "pump-faults-abc234-2", "status": "' status '", ' ...
            '"secondary-status": "Training", "failure-reason": "", "model-data": "", ' ...
            '"metrics": {"accuracy": 0.9}, "log": ["one", "two"]}'];
end

function [job, calls] = made(status)
    [session, calls] = hFakeKit('job', described(status));
    job = sagemaker.TrainingJob('pump-faults-abc234-2', session);
end

function testItSaysHowFarItIs(testCase)
    job = made('InProgress');
    verifyEqual(testCase, job.Name, 'pump-faults-abc234-2');
    verifyEqual(testCase, job.Project, 'pump-faults');
    verifyEqual(testCase, job.Status, 'InProgress');
    verifyEqual(testCase, job.SecondaryStatus, 'Training');
    verifyEqual(testCase, job.FailureReason, '');
    verifyEqual(testCase, job.ModelData, '');
    metrics = job.Metrics;
    verifyEqual(testCase, metrics.accuracy, 0.9);
end

function testItIsAskedAnewUntilItHasEnded(testCase)
    [job, calls] = made('InProgress');
    shown = {job.Status, job.SecondaryStatus, job.FailureReason, job.ModelData, job.Metrics};
    verifyEqual(testCase, numel(calls('verbs')), 1, 'as MATLAB shows them');
    pause(1.05);
    status = job.Status;
    verifyEqual(testCase, numel(calls('verbs')), 2);
    [job, calls] = made('Stopped');
    status = {job.Status, job.Status, job.FailureReason};
    verifyEqual(testCase, numel(calls('verbs')), 1);
end

function testItsLogIsReturnedOrShown(testCase)
    [job, calls] = made('Completed');
    verifyEqual(testCase, job.log(), {'one'; 'two'});
    verifyEqual(testCase, calls('job'), 'pump-faults-abc234-2 --log --project pump-faults');
    verifySubstring(testCase, evalc('job.log();'), sprintf('one\ntwo\n'));
end

function testALogMayHaveNoLines(testCase)
    session = hFakeKit('job', '{"status": "InProgress", "log": []}');
    job = sagemaker.TrainingJob('pump-faults-abc234-2', session);
    verifyEqual(testCase, job.log(), cell(0, 1));
    verifyEqual(testCase, evalc('job.log();'), '');
end

function testItIsWaitedForAndStopped(testCase)
    [job, calls] = made('InProgress');
    job.stop();
    verifyEqual(testCase, calls('job'), 'pump-faults-abc234-2 --stop --project pump-faults');
    job.wait();
    verifyEqual(testCase, calls('job'), 'pump-faults-abc234-2 --follow --project pump-faults');
end

function testWhatHasCompletedIsNotWaitedFor(testCase)
    [job, calls] = made('Completed');
    status = job.Status;
    job.wait();
    verifyEqual(testCase, numel(calls('verbs')), 1);
end

function testANameThatIsNoJobOfTheKitsIsRefused(testCase)
    session = hFakeKit();
    verifyError(testCase, @() sagemaker.TrainingJob('somebody-elses', session), ...
                'sagemaker:job:name');
end
