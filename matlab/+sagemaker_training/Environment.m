classdef Environment
%ENVIRONMENT  What a SageMaker training job gives its container, read once and read-only.
%   ENV = sagemaker_training.Environment() reads the folder that SAGEMAKER_BASE_DIR names,
%   /opt/ml where it is not set. ENV = sagemaker_training.Environment(BASEFOLDER) reads that folder.
%
%   BaseFolder, CodeFolder, ModelFolder, InputFolder, InputDataFolder, InputConfigFolder,
%   OutputFolder, OutputDataFolder, OutputIntermediateFolder,
%   HyperParametersFile, ResourceConfigFile, InputDataConfigFile - full names (char).
%   HyperParameters     - struct, one field for each hyperparameter of the user, decoded by
%                         sagemaker_training.decodeHyperParameter.
%   ResourceConfig      - struct of resourceconfig.json (current_host, hosts, ...).
%   InputDataConfig     - struct, one field for each channel.
%   ChannelInputFolders - struct, one field for each channel: the folder that holds its data (char).
%   UserEntryPoint      - the hyperparameter sagemaker_program as it came, '' when there is none.
%   ModuleName          - the training function's name; ModuleFolder - the folder of its file.
%   TrainingJobName     - char, '' outside of SageMaker.
%
%   Hyperparameters whose names start with sagemaker_ belong to the platform and are left out.
%   A name that is no valid field name ('max-depth', 'train.data') becomes one as
%   matlab.lang.makeValidName makes it (max_depth, train_data), with _1, _2, ... where two would
%   be equal; toArgs and the folders keep the name that was given.
%
%   Raises sagemaker_training:config:missing for a missing file, sagemaker_training:config:format
%   for one that is not what SageMaker writes.
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
%   See also sagemaker_training.main, sagemaker_training.decodeHyperParameter.

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
        function obj = Environment(baseFolder)
            if nargin < 1
                baseFolder = sagemaker_training.internal.baseFolder();
            end
            obj = with_folders(obj, char(baseFolder));
            obj = with_hyper_parameters(obj);
            obj = with_channels(obj);
            obj.ResourceConfig = ...
                sagemaker_training.internal.readResourceConfig(obj.ResourceConfigFile);
            obj.TrainingJobName = getenv('TRAINING_JOB_NAME');
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
            obj.CodeFolder = fullfile(base, 'code');
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

        function obj = with_hyper_parameters(obj)
            [names, values] = sagemaker_training.internal.readJsonObject(obj.HyperParametersFile);
            values = cellfun(@(v) decoded(v), values, 'UniformOutput', false);
            obj.UserEntryPoint = sagemaker_training.internal.platformText(names, values, ...
                                                                          'sagemaker_program');
            % A dot begins the extension, or parts a package from its function.
            [folder, name, rest] = fileparts(obj.UserEntryPoint);
            obj.ModuleName = regexprep([name, rest], '[.]m$', '');
            obj.ModuleFolder = fullfile(obj.CodeFolder, folder);
            isUsers = ~strncmp(names, 'sagemaker_', 10);
            names = names(isUsers);
            values = values(isUsers);
            obj.HyperParameters = sagemaker_training.internal.structOf(names, values);
            pairs = [names; values];
            obj.Arguments = pairs(:)';
        end

        function obj = with_channels(obj)
            [names, values] = sagemaker_training.internal.readJsonObject(obj.InputDataConfigFile);
            folders = cellfun(@(n) fullfile(obj.InputDataFolder, n), names, 'UniformOutput', false);
            obj.InputDataConfig = sagemaker_training.internal.structOf(names, values);
            obj.ChannelInputFolders = sagemaker_training.internal.structOf(names, folders);
        end
    end
end

function value = decoded(value)
    if ischar(value)
        value = sagemaker_training.decodeHyperParameter(value);
    end
end
