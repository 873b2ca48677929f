classdef BodyClassHandler < sagemaker_inference.DefaultInferenceHandler
%BODYCLASSHANDLER  Answers with the class of the body that decode_input gets.

    methods
        function inputData = decode_input(obj, inputData, contentType)
            inputData = class(inputData);
        end

        function prediction = predict(obj, inputData, model)
            prediction = inputData;
        end

        function output = encode_output(obj, prediction, accept)
            output = prediction;
        end
    end
end
