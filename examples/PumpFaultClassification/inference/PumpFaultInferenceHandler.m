classdef PumpFaultInferenceHandler < sagemaker_inference.DefaultInferenceHandler
%PUMPFAULTINFERENCEHANDLER  Predict the fault code of pump runs, and what the code means.

    %#function ClassificationTree

    methods
        function prediction = predict(obj, inputData, model)
        %PREDICT  A table with fault and meaning for each row of the table inputData.
            fault = predict(model, inputData);
            meaning = cellfun(@(code) meaningOf(code), fault, 'UniformOutput', false);
            prediction = table(fault, meaning, 'VariableNames', {'fault', 'meaning'});
        end
    end
end

function text = meaningOf(code)
    % The meaning of a code, such as 'cylinder leak, blocked inlet'.
    words = {'L', 'cylinder leak'; 'I', 'blocked inlet'; 'B', 'bearing friction'};
    isPart = ismember(words(:, 1), num2cell(code));
    text = strjoin(words(isPart, 2)', ', ');
    if isempty(text)
        text = 'no fault';
    end
end
