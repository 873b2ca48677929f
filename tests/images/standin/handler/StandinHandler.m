classdef StandinHandler < sagemaker_inference.DefaultInferenceHandler
%STANDINHANDLER  Does what a request's body says: 'sleep 6', 'crash', or else tell the model.
    methods
        function model = load_model(obj, modelFolder)
            model = fileread(fullfile(modelFolder, 'model.txt'));
        end

        function inputData = decode_input(obj, inputData, contentType)
            inputData = char(inputData);
        end

        function prediction = predict(obj, inputData, model)
            words = strsplit(inputData, ' ');
            switch words{1}
                case 'sleep'
                    pause(str2double(words{2}));
                case 'crash'
                    kill(getpid(), 9);
            end
            prediction = [words{1} ' with ' model];
        end

        function output = encode_output(obj, prediction, accept)
            output = prediction;
        end
    end
end
