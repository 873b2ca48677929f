function value = decodeHyperParameter(text)
%DECODEHYPERPARAMETER  Value of a hyperparameter, which SageMaker delivers as text.
%   VALUE = sagemaker_training.decodeHyperParameter(TEXT) decodes TEXT if it is JSON: a number,
%   true, false, "quoted text", [array] or {object}. Any other TEXT is returned unchanged (char).
%
%       TEXT      VALUE
%       0.1       0.1
%       [1, 2]    [1; 2]
%       gdi       'gdi'
%       "0.1"     '0.1'
%
%   Example: sagemaker_training.decodeHyperParameter('[1, 2]') returns [1; 2].
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
%   See also sagemaker_training.Environment.
    text = char(text);
    value = text;
    trimmed = strtrim(text);
    isNumber = ~isempty(regexp(trimmed, '^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$', 'once'));
    isOther = ~isempty(regexp(trimmed, '^(true|false|".*"|\[.*\]|\{.*\})$', 'once'));
    if isNumber || isOther
        try
            value = jsondecode(trimmed);
        catch
            value = text;
        end
    end
end
