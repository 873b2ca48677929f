function count = wholeSeconds(value, name)
%WHOLESECONDS  A duration, such as minutes(10), or a number of seconds, as whole seconds.
%   [] and '' become []. NAME is for the error, sagemaker:input:<name>.
    count = [];
    if isempty(value)
        return
    end
    if isa(value, 'duration')
        value = seconds(value);
    end
    isTime = isnumeric(value) && isscalar(value) && isreal(value) && isfinite(value) && value > 0;
    if ~isTime || value ~= round(value)
        sagemaker.internal.refuse(name, value, ...
                                  'whole seconds, such as 600, or a duration, such as minutes(10)');
    end
    count = double(value);
end
