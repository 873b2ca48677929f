function flag = requireFlag(name, value)
%REQUIREFLAG  VALUE (true, false, 1 or 0) as logical; raise sagemaker:input:<name> for any other.
    if ~(islogical(value) || isnumeric(value)) || ~isscalar(value) || ~any(value == [0, 1])
        sagemaker.internal.refuse(name, value, 'true or false');
    end
    flag = logical(value);
end
