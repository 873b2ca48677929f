classdef Environment
%ENVIRONMENT  Folders and handler of an inference container, read-only.
%   ENV = sagemaker_inference.Environment() has the properties (char)
%   BaseFolder  - SAGEMAKER_BASE_DIR, or /opt/ml if it is not set.
%   ModelFolder - the unpacked model.tar.gz: <base>/model, read-only in an endpoint.
%   HandlerName - class in SAGEMAKER_INFERENCE_HANDLER, or the default handler if it is not set.
%   CodeFolder  - folder with the handler's code, or <base>/code if its class is not found.
%
%   Example: read a file beside the handler.
%       env = sagemaker_inference.Environment();
%       limits = jsondecode(fileread(fullfile(env.CodeFolder, 'limits.json')));
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
%   See also sagemaker_inference.DefaultInferenceHandler.

    properties (SetAccess = private)
        BaseFolder
        ModelFolder
        HandlerName
    end

    properties (Dependent)
        CodeFolder
    end

    methods
        function obj = Environment()
            obj.BaseFolder = valueOr('SAGEMAKER_BASE_DIR', '/opt/ml');
            obj.ModelFolder = sagemaker_inference.internal.modelFolder();
            obj.HandlerName = valueOr('SAGEMAKER_INFERENCE_HANDLER', ...
                                      'sagemaker_inference.DefaultInferenceHandler');
        end

        function folder = get.CodeFolder(obj)
            folder = sagemaker_inference.internal.codeFolder(obj.HandlerName);
            if isempty(folder)
                folder = fullfile(obj.BaseFolder, 'code');
            end
        end
    end
end

function value = valueOr(name, fallback)
    value = getenv(name);
    if isempty(value)
        value = fallback;
    end
end
