classdef Environment
%ENVIRONMENT  What a SageMaker training job gives its container, read once and read-only.
%   ENV = sagemaker_training.Environment() reads the folder that SAGEMAKER_BASE_DIR names,
%   /opt/ml where it is not set. ENV = sagemaker_training.Environment(BASEFOLDER) reads that folder.
%   ENV = sagemaker_training.Environment(..., NAME, VALUE, ...) takes in place of a file a struct:
%       'HyperParameters' - one field for each; texts are decoded as those of the file
%       'InputDataConfig' - one field for each channel
%       'ResourceConfig'  - current_host, hosts, ...
%   With all three no file is read. An empty value counts as none.
%
%   Example: try a training function in the session, on a folder of your own.
%       setenv('SAGEMAKER_BASE_DIR', tempname());
%       env = sagemaker_training.Environment('ResourceConfig', struct('hosts', {{'algo-1'}}), ...
%           'InputDataConfig', struct('training', struct()), ...
%           'HyperParameters', struct('MinLeafSize', 4));
%       copyfile('data/training', env.ChannelInputFolders.training);
%       trainClassificationTree(env, 'MinLeafSize', 4)
%
%   BaseFolder, CodeFolder, ModelFolder, InputFolder, InputDataFolder, InputConfigFolder,
%   OutputFolder, OutputDataFolder, OutputIntermediateFolder,
%   HyperParametersFile, ResourceConfigFile, InputDataConfigFile - full names (char).
%   HyperParameters     - struct, one field for each hyperparameter of the user, decoded by
%                         sagemaker_training.decodeHyperParameter.
%   ResourceConfig      - struct of resourceconfig.json (current_host, hosts, ...).
%   InputDataConfig     - struct, one field for each channel.
%   ChannelInputFolders - struct, one field for each channel: the folder that holds its data (char).
%   UserEntryPoint      - the hyperparameter sagemaker_program as it came; without one the variable
%                         SAGEMAKER_PROGRAM, '' when there is none either.
%   ModuleName          - the training function's name; ModuleFolder - the folder of its file.
%   TrainingJobName     - char, '' outside of SageMaker.
%
%   Hyperparameters whose names start with sagemaker_ belong to the platform and are left out.
%   A name that is no valid field name ('max-depth', 'train.data') becomes one as
%   matlab.lang.makeValidName makes it (max_depth, train_data), with _1, _2, ... where two would
%   be equal; toArgs and the folders keep the name that was given.
%   Those of the folders input/config, input/data, code, model and output/data that are missing are
%   made.
%
%   Raises sagemaker_training:config:missing for a missing file, sagemaker_training:config:format
%   for one that is not what SageMaker writes, sagemaker_training:environment:option for another
%   name or a value that is no struct, sagemaker_training:environment:folder for a folder that
%   cannot be made.
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
%   See also sagemaker_training.EntryPoint, sagemaker_training.decodeHyperParameter.

    properties (SetAccess = private)
        BaseFolder
        CodeFolder
        ModelFolder
        InputFolder
        InputDataFolder
        InputConfigFolder
        OutputFolder
        OutputDataFolder
        OutputIntermediateFolder
        HyperParametersFile
        ResourceConfigFile
        InputDataConfigFile
        ModuleName
        ModuleFolder
        UserEntryPoint
        HyperParameters
        ResourceConfig
        InputDataConfig
        ChannelInputFolders
        TrainingJobName
    end

    properties (Access = private)
        Arguments
    end

    methods
        function obj = Environment(varargin)
            [baseFolder, given] = sagemaker_training.internal.environmentInputs(varargin);
            obj = with_folders(obj, baseFolder);
            obj = with_hyper_parameters(obj, given.HyperParameters);
            obj = with_channels(obj, given.InputDataConfig);
            [names, values] = membersOf(given.ResourceConfig, obj.ResourceConfigFile);
            obj.ResourceConfig = structOf(names, values);
            obj.TrainingJobName = getenv('TRAINING_JOB_NAME');
            sagemaker_training.internal.makeFolders( ...
                {obj.InputConfigFolder, obj.InputDataFolder, obj.CodeFolder, obj.ModelFolder, ...
                 obj.OutputDataFolder});
        end

        function pairs = toArgs(obj)
        %TOARGS  The user's hyperparameters as a 1 x 2n cell {name, value, ...}, ready for varargin.
        %   Names are spelt as they were given to SageMaker, values are decoded.
            pairs = obj.Arguments;
        end
    end

    methods (Access = private)
        function obj = with_folders(obj, base)
            obj.BaseFolder = base;
            obj.CodeFolder = sagemaker_training.internal.codeFolder(base);
            obj.ModelFolder = fullfile(base, 'model');
            obj.InputFolder = fullfile(base, 'input');
            obj.InputDataFolder = fullfile(base, 'input', 'data');
            obj.InputConfigFolder = fullfile(base, 'input', 'config');
            obj.OutputFolder = fullfile(base, 'output');
            obj.OutputDataFolder = fullfile(base, 'output', 'data');
            obj.OutputIntermediateFolder = fullfile(base, 'output', 'intermediate');
            obj.HyperParametersFile = fullfile(obj.InputConfigFolder, 'hyperparameters.json');
            obj.ResourceConfigFile = fullfile(obj.InputConfigFolder, 'resourceconfig.json');
            obj.InputDataConfigFile = fullfile(obj.InputConfigFolder, 'inputdataconfig.json');
        end

        function obj = with_hyper_parameters(obj, given)
            [names, values] = membersOf(given, obj.HyperParametersFile);
            values = cellfun(@(v) decoded(v), values, 'UniformOutput', false);
            obj.UserEntryPoint = platformText(names, values, 'sagemaker_program');
            if isempty(obj.UserEntryPoint)
                obj.UserEntryPoint = getenv('SAGEMAKER_PROGRAM');
            end
            % A dot begins the extension, or parts a package from its function.
            [folder, name, rest] = fileparts(obj.UserEntryPoint);
            obj.ModuleName = regexprep([name, rest], '[.]m$', '');
            obj.ModuleFolder = fullfile(obj.CodeFolder, folder);
            isUsers = ~strncmp(names, 'sagemaker_', 10);
            names = names(isUsers);
            values = values(isUsers);
            obj.HyperParameters = structOf(names, values);
            pairs = [names; values];
            obj.Arguments = pairs(:)';
        end

        function obj = with_channels(obj, given)
            [names, values] = membersOf(given, obj.InputDataConfigFile);
            folders = cellfun(@(n) fullfile(obj.InputDataFolder, n), names, 'UniformOutput', false);
            obj.InputDataConfig = structOf(names, values);
            obj.ChannelInputFolders = structOf(names, folders);
        end
    end
end

function [names, values] = membersOf(given, file)
    if isempty(given)
        [names, values] = sagemaker_training.internal.readJsonObject(file);
    else
        names = fieldnames(given)';
        values = struct2cell(given)';
    end
end

function value = decoded(value)
    if isa(value, 'string')
        value = char(value);
    end
    if ischar(value)
        value = sagemaker_training.decodeHyperParameter(value);
    end
end

function text = platformText(names, values, name)
    % The hyperparameter NAME of the platform, '' where there is none.
    text = '';
    at = find(strcmp(names, name), 1);
    if ~isempty(at)
        text = values{at};
    end
    if ~ischar(text)
        error('sagemaker_training:config:format', 'The hyperparameter %s is not a text.', name);
    end
end

function s = structOf(names, values)
    % A scalar struct of names that need not be field names.
    s = struct();
    if ~isempty(names)
        names = matlab.lang.makeUniqueStrings(matlab.lang.makeValidName(names));
        s = cell2struct(values(:), names(:), 1);
    end
end
