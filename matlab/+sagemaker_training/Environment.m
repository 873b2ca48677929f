classdef Environment
%ENVIRONMENT  Folders, hyperparameters and channels of a SageMaker training job, read-only.
%   ENV = sagemaker_training.Environment() reads the folder in the variable SAGEMAKER_BASE_DIR, or
%   /opt/ml if it is not set. ENV = sagemaker_training.Environment(BASEFOLDER) reads BASEFOLDER.
%   ENV = sagemaker_training.Environment(..., NAME, VALUE, ...) uses structs instead of files:
%       'HyperParameters' - one field for each; text is decoded as in the file
%       'InputDataConfig' - one field for each channel
%       'ResourceConfig'  - current_host, hosts, ...
%   If all three are given, no file is read. An empty value counts as not given.
%
%   Example: try a training function in this session, in a temporary folder.
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
%   HyperParameters     - struct: one field for each hyperparameter, decoded by
%                         sagemaker_training.decodeHyperParameter.
%   ResourceConfig      - struct with the content of resourceconfig.json (current_host, hosts, ...).
%   InputDataConfig     - struct: one field for each channel.
%   ChannelInputFolders - struct: for each channel, the folder with its data (char).
%   UserEntryPoint      - the hyperparameter sagemaker_program; if there is none, the variable
%                         SAGEMAKER_PROGRAM; if that is not set, ''.
%   ModuleName          - name of the training function; ModuleFolder - folder of its file.
%   TrainingJobName     - char; '' outside of SageMaker.
%   toArgs              - the hyperparameters as name-value arguments.
%
%   SageMaker's own hyperparameters, whose names start with sagemaker_, are left out. A name that
%   is not a valid field name ('max-depth', 'train.data') becomes one as matlab.lang.makeValidName
%   makes it (max_depth, train_data), with _1, _2, ... if two would be the same. toArgs and the
%   folders keep the original name.
%   The folders input/config, input/data, code, model and output/data are created if missing.
%
%   Raises sagemaker_training:config:missing if a file is missing, sagemaker_training:config:format
%   if a file is not in SageMaker's format, sagemaker_training:environment:option for an unknown
%   option or a value that is not a struct, and sagemaker_training:environment:folder if a folder
%   cannot be created.
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
            makeFolders({obj.InputConfigFolder, obj.InputDataFolder, obj.CodeFolder, ...
                         obj.ModelFolder, obj.OutputDataFolder});
        end

        function pairs = toArgs(obj)
        %TOARGS  The hyperparameters as a 1 x 2n cell {name, value, ...}, as for varargin.
        %   Names are spelt as they were given to SageMaker. Values are decoded.
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
            % A dot starts the extension, or comes between a package and its function.
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

function makeFolders(folders)
    % Create those of FOLDERS (1 x n cell) that are missing.
    for folder = folders
        if exist(folder{1}, 'dir') ~= 7
            [isMade, reason] = mkdir(folder{1});
            if ~isMade
                error('sagemaker_training:environment:folder', ...
                      ['Cannot create the folder %s: %s. Set SAGEMAKER_BASE_DIR to a folder ' ...
                       'that you may write to.'], folder{1}, strtrim(reason));
            end
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
    % SageMaker's own hyperparameter NAME, '' if there is none.
    text = '';
    at = find(strcmp(names, name), 1);
    if ~isempty(at)
        text = values{at};
    end
    if ~ischar(text)
        error('sagemaker_training:config:format', ...
              'The hyperparameter %s is not text. Give the name of a function.', name);
    end
end

function s = structOf(names, values)
    % A scalar struct; NAMES that are not valid field names are changed.
    s = struct();
    if ~isempty(names)
        names = matlab.lang.makeUniqueStrings(matlab.lang.makeValidName(names));
        s = cell2struct(values(:), names(:), 1);
    end
end
