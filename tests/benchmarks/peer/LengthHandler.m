classdef LengthHandler < sagemaker_inference.DefaultInferenceHandler
%LENGTHHANDLER  Answers how many bytes a request's body has.
    methods
        function model = load_model(~, ~)
            model = [];
        end

        function inputData = decode_input(~, inputData, ~)
        end

        function prediction = predict(~, inputData, ~)
            prediction = numel(inputData);
        end

        function output = encode_output(~, prediction, ~)
            output = sprintf('%d', prediction);
        end
    end
end
