classdef FailingHandler < sagemaker_inference.DefaultInferenceHandler
%FAILINGHANDLER  predict fails with its own identifier and a secret in the message.

    methods
        function prediction = predict(obj, inputData, model)
            error('test:handler:broken', 'the secret is %d', inputData.x);
        end
    end
end
