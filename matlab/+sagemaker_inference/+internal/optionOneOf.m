function value = optionOneOf(options, name, choices)
%OPTIONONEOF  The option NAME, which may be one of the texts CHOICES, in any case.
%   Raises sagemaker_inference:options:value.
    value = options.(name);
    at = [];
    if ischar(value)
        at = find(strcmpi(choices, value), 1);
    end
    if isempty(at)
        error('sagemaker_inference:options:value', '%s can be: %s.', name, ...
              strjoin(choices, ', '));
    end
    value = choices{at};
end
