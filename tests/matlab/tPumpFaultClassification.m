function tests = tPumpFaultClassification
%TPUMPFAULTCLASSIFICATION  The example PumpFaultClassification, from simulation to answer.
    tests = functiontests(localfunctions);
end

function setupOnce(testCase)
    root = fileparts(fileparts(fileparts(mfilename('fullpath'))));
    example = fullfile(root, 'examples', 'PumpFaultClassification');
    base = hJobFolder('{"sagemaker_program": "trainPumpFaults", "MinLeafSize": "2"}', ...
                      '{"training": {}, "holdout": {}}');
    copyfile(fullfile(example, 'code', '*'), fullfile(base, 'code'));
    copyfile(fullfile(example, 'data', '*'), fullfile(base, 'input', 'data'));
    testCase.TestData.Path = addpath(fullfile(example, 'inference'), ...
                                     fullfile(example, 'simulation'));
    setenv('SAGEMAKER_BASE_DIR', base);
    [testCase.TestData.Log, testCase.TestData.Code] = evalc('sagemaker_training.main()');
    testCase.TestData.Base = base;
    testCase.TestData.Example = example;
end

function teardownOnce(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    path(testCase.TestData.Path);
    hRemoveFolder(testCase.TestData.Base);
end

function T = runsIn(testCase, channel)
    T = readtable(fullfile(testCase.TestData.Example, 'data', channel, 'pump.csv'), ...
                  'VariableNamingRule', 'preserve');
end

function testTheSimulationGivesTheDataAgain(testCase)
    T = pumpRuns(60, 2026);
    isHeldOut = mod(ceil((1:480) / 8), 4) == 0;
    for part = {'training', ~isHeldOut; 'holdout', isHeldOut}'
        kept = runsIn(testCase, part{1});
        simulated = T(part{2}, :);
        verifyEqual(testCase, kept.fault, simulated.fault);
        verifyEqual(testCase, kept.Properties.VariableNames, simulated.Properties.VariableNames);
        difference = abs(kept{:, 2:end} - simulated{:, 2:end});
        verifyLessThanOrEqual(testCase, difference ./ max(abs(kept{:, 2:end}), 1), 1e-4);
    end
end

function testEachFaultLeavesItsTraceInTheSignals(testCase)
    faults = struct('Leak', [0, 1, 0, 0], 'Blocked', [0, 0, 1, 0], 'Friction', [0, 0, 0, 1]);
    [flow, pressure] = simulatePump(faults, 7);
    verifyEqual(testCase, size(flow), [1000, 4]);
    verifyEqual(testCase, size(pressure), [1000, 4]);
    T = pumpFeatures(flow, pressure);
    mean_ = T.('flow_stats/Data_Mean');
    verifyEqual(testCase, mean_(1), 22.8, 'AbsTol', 0.5);
    verifyLessThanOrEqual(testCase, mean_(2:3), mean_(1) - 1);
    once = T.('flow_spectrum/Data_Peak1X');
    verifyGreaterThanOrEqual(testCase, once(2), 10 * once(1));
    thrice = T.('flow_spectrum/Data_Peak3X');
    verifyGreaterThanOrEqual(testCase, thrice(3), 2 * thrice(1));
    frequency = T.('flow_spectrum/Data_Frequency');
    verifyEqual(testCase, frequency(1), 95, 'AbsTol', 0.7);
    verifyLessThanOrEqual(testCase, frequency(4), frequency(1) - 1);
end

function testTheJobPrintsItsHeldOutAccuracy(testCase)
    verifyEqual(testCase, testCase.TestData.Code, 0, testCase.TestData.Log);
    found = regexp(testCase.TestData.Log, 'held-out accuracy: ([01]\.\d{4})\n', 'tokens');
    verifyGreaterThanOrEqual(testCase, str2double(found{1}{1}), 0.95);
end

function testNoRunIsInBothChannels(testCase)
    training = runsIn(testCase, 'training');
    heldOut = runsIn(testCase, 'holdout');
    verifyFalse(testCase, any(ismember(heldOut{:, 2:end}, training{:, 2:end}, 'rows')));
    verifyEqual(testCase, numel(unique(training.fault)), 8);
    verifyEqual(testCase, numel(unique(heldOut.fault)), 8);
end

function testTheEndpointAnswersWhatTheExampleExpects(testCase)
    requests = fullfile(testCase.TestData.Example, 'requests');
    request = hRequest('POST', '/invocations', fileread(fullfile(requests, 'eight_runs.csv')), ...
                       {'Content-Type', 'text/csv'});
    handler = PumpFaultInferenceHandler();
    response = sagemaker_inference.DefaultInferenceRouter(request, handler);
    verifyEqual(testCase, char(response.Body), fileread(fullfile(requests, 'expected.csv')));
end
