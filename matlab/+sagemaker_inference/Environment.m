classdef Environment
%ENVIRONMENT  What SageMaker gives an inference container, read-only.
%   ENV = sagemaker_inference.Environment()
%   BaseFolder  - SAGEMAKER_BASE_DIR, /opt/ml where it is not set (char).
%   ModelFolder - the unpacked model.tar.gz: <base>/model, read-only in an endpoint (char).
%   HandlerName - SAGEMAKER_INFERENCE_HANDLER: the handler's class, the base class without it.
%   CodeFolder  - the folder with the handler's code; <base>/code where its class is not found
%                 (char).
%
%   Example: a file that lies beside the handler.
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
