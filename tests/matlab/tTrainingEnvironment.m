function tests = tTrainingEnvironment
%TTRAININGENVIRONMENT  sagemaker_training.Environment: folders, hyperparameters and channels.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Base = hJobFolder( ...
        ['{"sagemaker_program": "sub/train.m", "sagemaker_region": "eu-west-1", "depth": "3", ' ...
         '"max-splits": "4", "label, \" {": "a}b", "names": "[1,2]"}'], ...
        ['{"training": {"TrainingInputMode": "File"}, ' ...
         '"vali-dation": {"ContentType": "text/csv"}, ' ...
         '"vali_dation": {"ContentType": "x"}}']);
end

function teardown(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    hRemoveFolder(testCase.TestData.Base);
end

function testFoldersAreThoseOfSageMaker(testCase)
    base = testCase.TestData.Base;
    env = sagemaker_training.Environment(base);
    verifyEqual(testCase, env.BaseFolder, base);
    verifyEqual(testCase, env.CodeFolder, fullfile(base, 'code'));
    verifyEqual(testCase, env.ModelFolder, fullfile(base, 'model'));
    verifyEqual(testCase, env.InputDataFolder, fullfile(base, 'input', 'data'));
    verifyEqual(testCase, env.InputConfigFolder, fullfile(base, 'input', 'config'));
    verifyEqual(testCase, env.OutputDataFolder, fullfile(base, 'output', 'data'));
    verifyEqual(testCase, env.OutputIntermediateFolder, fullfile(base, 'output', 'intermediate'));
end

function testTheBaseFolderComesFromTheEnvironmentVariable(testCase)
    setenv('SAGEMAKER_BASE_DIR', testCase.TestData.Base);
    env = sagemaker_training.Environment();
    verifyEqual(testCase, env.BaseFolder, testCase.TestData.Base);
end

function testTheEntryPointIsSplitIntoFolderAndName(testCase)
    env = sagemaker_training.Environment(testCase.TestData.Base);
    verifyEqual(testCase, env.UserEntryPoint, 'sub/train.m');
    verifyEqual(testCase, env.ModuleName, 'train');
    verifyEqual(testCase, env.ModuleFolder, fullfile(testCase.TestData.Base, 'code', 'sub'));
end

function testPlatformHyperParametersAreLeftOutAndOthersDecoded(testCase)
    env = sagemaker_training.Environment(testCase.TestData.Base);
    values = env.HyperParameters;
    verifyEqual(testCase, numel(fieldnames(values)), 4);
    verifyEqual(testCase, values.depth, 3);
    verifyEqual(testCase, values.names, [1; 2]);
end

function testArgumentsKeepTheNamesThatWereGiven(testCase)
    env = sagemaker_training.Environment(testCase.TestData.Base);
    pairs = env.toArgs();
    verifyEqual(testCase, pairs, {'depth', 3, 'max-splits', 4, 'label, " {', 'a}b', ...
                                  'names', [1; 2]});
end

function testAJobWithoutHyperParametersHasNoArguments(testCase)
    hWriteText(fullfile(testCase.TestData.Base, 'input', 'config', 'hyperparameters.json'), '{}');
    env = sagemaker_training.Environment(testCase.TestData.Base);
    verifyEmpty(testCase, env.toArgs());
    verifyEqual(testCase, env.UserEntryPoint, '');
    verifyEqual(testCase, fieldnames(env.HyperParameters), cell(0, 1));
end

function testChannelsHaveDistinctFieldsAndTheirOwnFolders(testCase)
    env = sagemaker_training.Environment(testCase.TestData.Base);
    folders = struct2cell(env.ChannelInputFolders);
    data = env.InputDataFolder;
    verifyEqual(testCase, folders, {fullfile(data, 'training'); fullfile(data, 'vali-dation'); ...
                                    fullfile(data, 'vali_dation')});
    verifyTrue(testCase, isfield(env.ChannelInputFolders, 'training'));
    verifyEqual(testCase, env.InputDataConfig.training, struct('TrainingInputMode', 'File'));
end

function testResourceConfigAndJobNameAreRead(testCase)
    setenv('TRAINING_JOB_NAME', 'iris-1');
    env = sagemaker_training.Environment(testCase.TestData.Base);
    setenv('TRAINING_JOB_NAME', '');
    verifyEqual(testCase, env.ResourceConfig.current_host, 'algo-1');
    verifyEqual(testCase, env.ResourceConfig.hosts, {'algo-1'});
    verifyEqual(testCase, env.TrainingJobName, 'iris-1');
end

function testEachMissingConfigFileIsAnError(testCase)
    names = {'hyperparameters.json', 'inputdataconfig.json', 'resourceconfig.json'};
    for k = 1:numel(names)
        base = hJobFolder('{}', '{}');
        delete(fullfile(base, 'input', 'config', names{k}));
        verifyError(testCase, @() sagemaker_training.Environment(base), ...
                    'sagemaker_training:config:missing', names{k});
        hRemoveFolder(base);
    end
end

function testAConfigFileThatIsNoJsonObjectIsAnError(testCase)
    texts = {'', '{', '[1]', '"x"', '{"a": }', 'null'};
    for k = 1:numel(texts)
        base = hJobFolder(texts{k}, '{}');
        verifyError(testCase, @() sagemaker_training.Environment(base), ...
                    'sagemaker_training:config:format', texts{k});
        hRemoveFolder(base);
    end
end

function testPropertiesCannotBeWritten(testCase)
    env = sagemaker_training.Environment(testCase.TestData.Base);
    written = true;
    try
        env.ModelFolder = 'elsewhere';
    catch
        written = false;
    end
    verifyFalse(testCase, written);
end

function testStructsTakeThePlaceOfTheFiles(testCase)
    base = tempname();
    setenv('SAGEMAKER_BASE_DIR', base);
    env = sagemaker_training.Environment( ...
        'ResourceConfig', struct('hosts', {{'algo-1'}}), ...
        'InputDataConfig', struct('training', struct('ContentType', 'text/csv')), ...
        'HyperParameters', struct('sagemaker_program', 'train', 'depth', '3', 'leaf', 4));
    verifyEqual(testCase, env.UserEntryPoint, 'train');
    verifyEqual(testCase, env.toArgs(), {'depth', 3, 'leaf', 4});
    verifyEqual(testCase, env.ChannelInputFolders.training, ...
                fullfile(base, 'input', 'data', 'training'));
    verifyEqual(testCase, env.ResourceConfig.hosts, {'algo-1'});
    hRemoveFolder(base);
end

function testWhatIsNotGivenIsRead(testCase)
    env = sagemaker_training.Environment(testCase.TestData.Base, 'HyperParameters', ...
                                         struct('depth', 5), 'ResourceConfig', []);
    verifyEqual(testCase, env.HyperParameters, struct('depth', 5));
    verifyEqual(testCase, env.ResourceConfig.current_host, 'algo-1');
    verifyTrue(testCase, isfield(env.InputDataConfig, 'training'));
end

function testAnotherOptionIsRefused(testCase)
    for pair = {{'Hyper', struct()}, {'HyperParameters', 3}, {struct()}}
        verifyError(testCase, @() sagemaker_training.Environment(pair{1}{:}), ...
                    'sagemaker_training:environment:option');
    end
end

function testMissingFoldersAreMade(testCase)
    folders = {'code', 'model', 'output'};
    for k = 1:numel(folders)
        hRemoveFolder(fullfile(testCase.TestData.Base, folders{k}));
    end
    env = sagemaker_training.Environment(testCase.TestData.Base);
    verifyEqual(testCase, exist(env.CodeFolder, 'dir'), 7);
    verifyEqual(testCase, exist(env.ModelFolder, 'dir'), 7);
    verifyEqual(testCase, exist(env.OutputDataFolder, 'dir'), 7);
end

function testAFolderThatCannotBeMadeIsNamed(testCase)
    folder = fullfile(testCase.TestData.Base, 'model');
    hRemoveFolder(folder);
    hWriteText(folder, 'a file');
    verifyError(testCase, @() sagemaker_training.Environment(testCase.TestData.Base), ...
                'sagemaker_training:environment:folder');
end

function testAVariableNamesTheFunctionWhereNoHyperParameterDoes(testCase)
    setenv('SAGEMAKER_PROGRAM', 'other.m');
    restore = onCleanup(@() setenv('SAGEMAKER_PROGRAM', ''));
    env = sagemaker_training.Environment(testCase.TestData.Base);
    verifyEqual(testCase, env.UserEntryPoint, 'sub/train.m');
    hWriteText(env.HyperParametersFile, '{"depth": "3"}');
    env = sagemaker_training.Environment(testCase.TestData.Base);
    verifyEqual(testCase, env.UserEntryPoint, 'other.m');
    verifyEqual(testCase, env.ModuleName, 'other');
end
