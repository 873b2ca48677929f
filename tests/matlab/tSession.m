function tests = tSession
%TSESSION  sagemaker.Session: account and Region, commands that it runs, and identifiers of errors.
    tests = functiontests(localfunctions);
end

function session = answering(code, text, varargin)
    runner = @(verb, options, folder) deal(code, text);
    session = sagemaker.Session('Runner', runner, varargin{:});
end

function raised = raisedBy(action)
    raised = struct('identifier', '', 'message', '');
    try
        action();
    catch err
        raised = err;
    end
end

function testWhereItWorksIsAskedOnce(testCase)
    [session, calls] = hFakeKit('transfer', ...
        '{"account": "123456789012", "region": "eu-west-1", "bucket": "b"}');
    verifyEqual(testCase, session.AccountID, '123456789012');
    verifyEqual(testCase, session.BotoRegionName, 'eu-west-1');
    verifyEqual(testCase, session.DefaultBucket, 'b');
    verifyEqual(testCase, calls('verbs'), {'transfer'});
    verifyEqual(testCase, calls('transfer'), 'where --project flowers');
end

function testGivenRegionAndBucketAreNotAskedFor(testCase)
    session = answering(1, '', 'Region', 'us-east-1', 'Bucket', 'mine');
    verifyEqual(testCase, session.BotoRegionName, 'us-east-1');
    verifyEqual(testCase, session.DefaultBucket, 'mine');
end

function testEveryVerbGetsRegionBucketAndProfile(testCase)
    seen = containers.Map('KeyType', 'char', 'ValueType', 'any');
    runner = @(verb, options, folder) remember(seen, options);
    session = sagemaker.Session('Runner', runner, 'Profile', 'research', ...
                                'Region', 'us-east-1', 'Bucket', 'mine');
    before = getenv('AWS_PROFILE');
    session.download('s3://b/p/', 'here');
    verifyEqual(testCase, seen('options'), ['download s3://b/p/ here --project matlab ' ...
                                            '--region us-east-1 --bucket mine']);
    verifyEqual(testCase, seen('profile'), 'research');
    verifyEqual(testCase, getenv('AWS_PROFILE'), before);
end

function [code, text] = remember(seen, options)
    seen('options') = strjoin(options, ' ');
    seen('profile') = getenv('AWS_PROFILE');
    code = 0;
    text = '{}';
end

function testAProfileGoesBeforeKeysAndRegionOfTheEnvironment(testCase)
    names = {'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', ...
             'AWS_DEFAULT_REGION'};
    restore = sagemaker.internal.setVariables(names, {'a', 'b', 'c', 'd', 'e'});
    seen = containers.Map('KeyType', 'char', 'ValueType', 'any');
    session = sagemaker.Session('Runner', @(varargin) look(seen, names), 'Profile', 'research');
    session.run('job', {});
    verifyEqual(testCase, seen('values'), {'', '', '', '', ''});
    verifyEqual(testCase, valuesOf(names), {'a', 'b', 'c', 'd', 'e'});
    session = sagemaker.Session('Runner', @(varargin) look(seen, names));
    session.run('job', {});
    verifyEqual(testCase, seen('values'), {'a', 'b', 'c', 'd', 'e'});
end

function [code, text] = look(seen, names)
    seen('values') = valuesOf(names);
    code = 0;
    text = '{}';
end

function values = valuesOf(names)
    values = cellfun(@(name) getenv(name), names, 'UniformOutput', false);
end

function testWordsAreQuotedForBothShells(testCase)
    quoted = @(words, isWindows) sagemaker.internal.commandLine(words, isWindows);
    verifyEqual(testCase, quoted({'a b', 'it''s $HOME'}, false), '''a b'' ''it''\''''s $HOME''');
    verifyEqual(testCase, quoted({'a b', 'C:\x\'}, true), '"a b" "C:\x\\"');
    for word = {'a"b', '%PATH%', sprintf('a\nb')}
        verifyError(testCase, @() quoted(word, true), 'sagemaker:input:word');
    end
end

function testAFolderAFileAndATableAreUploaded(testCase)
    [session, calls] = hFakeKit('transfer', '{"uri": "s3://b/data/flowers/training/a1/"}');
    folder = tempname();
    mkdir(folder);
    tidy = onCleanup(@() hRemoveFolder(folder));
    location = session.upload(folder, 'training');
    verifyEqual(testCase, location, 's3://b/data/flowers/training/a1/');
    verifyEqual(testCase, calls('transfer'), ...
                ['upload ' folder ' --name training --project flowers']);
    file = fullfile(folder, 'a.csv');
    hWriteText(file, 'x');
    session.upload(file, 'training');
    verifyEqual(testCase, calls('transfer'), ...
                ['upload ' file ' --name training --project flowers']);
    session.upload(table([1; 2]), 'training');
    verifySubstring(testCase, calls('transfer'), 'training --name training');
    verifyError(testCase, @() session.upload('no/such/folder', 'training'), ...
                'sagemaker:upload:source');
end

function testAnErrorSaysWhatWhyAndWhatToDo(testCase)
    text = ['{"error": {"message": "What.\nWhy.\nDo.", "kind": "missingStep", ' ...
            '"exit-code": 3}}'];
    session = answering(3, strrep(text, newline, '\n'));
    raised = raisedBy(@() session.run('compile-handler', {}));
    verifyEqual(testCase, raised.identifier, 'sagemaker:compileHandler:missingStep');
    verifySubstring(testCase, raised.message, sprintf('What.\nWhy.\nDo.'));
end

function testAnErrorNamesOptionsInPlaceOfKeys(testCase)
    said = {['sagemaker.yml:12: training.instance_type: found ''m5''; allowed: x\n' ...
             'sagemaker.yml:20: aws.vpc: y'], ...
            'InstanceType: found ''m5''; allowed: x\nSubnets and SecurityGroupsIds: y'; ...
            'It took longer than training.max_runtime in sagemaker.yml. Raise it.', ...
            'It took longer than MaxRunTime. Raise it.'; ...
            'training.channels.training: it is empty', 'fit''s channel training: it is empty'; ...
            ['training.spot: found {\"max_wait\": \"1m\"}; allowed: a max_wait of at least ' ...
             'training.max_runtime, 600 seconds\nCorrect it there. Nothing was done.'], ...
            ['MaxWaitTime: found 1m; allowed: a time of at least MaxRunTime, 600 seconds\n' ...
             'Correct it. Nothing was done.']; ...
            'training.spot.max_wait and training.spot', 'MaxWaitTime and UseSpotInstances'; ...
            'aws.vpc.subnets: found 3', 'Subnets: found 3'; ...
            'Set matlab.batch_token_secret in sagemaker.yml.', 'Set BatchTokenSecret.'; ...
            'Run build-training-image --repository release, then train first; x.', ...
            'Call fit first; x.'; ...
            ['Set aws.training_role (for training jobs) and aws.serving_role (for endpoints) ' ...
             'in sagemaker.yml, or the inputs ''training-role'' and ''serving-role'', ' ...
             'and let x.'], ...
            ['Set the estimator''s role (for training jobs) and the role of deploy (for ' ...
             'endpoints), and let x.']; ...
            'Correct the name, or give the right project with --config or --project.', ...
            'Correct the name.'; ...
            'code/aws.tags is a file', 'code/aws.tags is a file'};
    for k = 1:size(said, 1)
        session = answering(2, ['{"error": {"message": "' said{k, 1} '", "kind": "input"}}']);
        raised = raisedBy(@() session.run('train', {}));
        verifyEqual(testCase, raised.message, strrep(said{k, 2}, '\n', newline));
    end
end

function testAnErrorBesideOutputsIsRaised(testCase)
    session = answering(1, '{"status": "Failed", "error": {"message": "m", "kind": "notReady"}}');
    raised = raisedBy(@() session.run('job', {}));
    verifyEqual(testCase, raised.identifier, 'sagemaker:job:notReady');
end

function testAProcessThatSaidNothingIsAnErrorToo(testCase)
    cases = {1, '', 'failed'; 130, '', 'cancelled'; 1, 'no JSON', 'failed'; 0, '', 'failed'};
    for k = 1:size(cases, 1)
        session = answering(cases{k, 1}, cases{k, 2});
        raised = raisedBy(@() session.run('job', {}));
        verifyEqual(testCase, raised.identifier, ['sagemaker:job:' cases{k, 3}]);
    end
end

function testACommandRunsInShWhateverTheUsersShellIs(testCase)
    [code, text] = sagemaker.internal.shell('echo "$0" 2>&1');
    verifyEqual(testCase, {code, strtrim(text)}, {0, '/bin/sh'});
end

function testTheKitItselfIsRun(testCase)
    [code, text] = sagemaker.internal.runKit('job', {'--project', 'it''s $HOME'}, tempdir());
    verifyEqual(testCase, code, 2);
    about = jsondecode(text);
    verifyEqual(testCase, about.error.kind, 'input');
    verifySubstring(testCase, about.error.message, 'it''s $HOME');
end
