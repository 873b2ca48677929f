classdef PlainHandler < sagemaker_inference.DefaultInferenceHandler
%PLAINHANDLER  Reads and writes text/plain, which the base class cannot.

    methods
        function inputData = decode_input(obj, inputData, contentType)
            inputData = str2double(char(inputData));
        end

        function prediction = predict(obj, inputData, model)
            prediction = inputData + model;
        end

        function output = encode_output(obj, prediction, accept)
            output = sprintf('%g €', prediction);
        end
    end
end
