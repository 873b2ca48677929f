function value = optionOneOf(options, name, choices)
%OPTIONONEOF  Value of the option NAME, which must be one of the texts CHOICES, in any case.
%   Raises sagemaker_inference:options:value.
    value = options.(name);
    at = [];
    if ischar(value)
        at = find(strcmpi(choices, value), 1);
    end
    if isempty(at)
        error('sagemaker_inference:options:value', ...
              'The value of %s is unknown. Give one of: %s.', name, strjoin(choices, ', '));
    end
    value = choices{at};
end
