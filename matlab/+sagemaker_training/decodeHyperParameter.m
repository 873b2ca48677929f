function value = decodeHyperParameter(text)
%DECODEHYPERPARAMETER  The value of a hyperparameter, which SageMaker delivers as text.
%   VALUE = sagemaker_training.decodeHyperParameter(TEXT) decodes TEXT that is a JSON number, true,
%   false, "quoted text", [array] or {object}; any other TEXT is the value itself (char).
%   So 0.1 is a double, [1,2] a column vector, gdi is 'gdi' and "0.1" is '0.1'.
%   Example: sagemaker_training.decodeHyperParameter('[1, 2]') is [1; 2].
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
