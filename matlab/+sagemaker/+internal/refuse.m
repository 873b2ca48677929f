function refuse(name, value, wanted)
%REFUSE  Raise sagemaker:input:<name> for the wrong VALUE of the option or argument NAME.
%   The identifier has the name with a small first letter: instanceCount, matlabRelease. WANTED says
%   what is expected.
    head = regexp(name, '^([A-Z]+(?=[A-Z][a-z])|[A-Z])', 'match', 'once');
    message = sprintf('%s is %s. Give %s.', name, shown(value), wanted);
    rethrow(struct('identifier', ['sagemaker:input:' lower(head) name(numel(head) + 1:end)], ...
                   'message', message));
end

function text = shown(value)
    if ischar(value) && size(value, 1) < 2
        text = ['''' value ''''];
    elseif (isnumeric(value) || islogical(value)) && ismatrix(value) && numel(value) < 5
        text = mat2str(value);
    else
        text = ['of class ' class(value)];
    end
end
