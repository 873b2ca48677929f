function requireCount(name, value)
%REQUIRECOUNT  Raise sagemaker:input:<name> unless VALUE is [] or a whole number from 1 to 100.
    isCount = isnumeric(value) && isscalar(value) && isreal(value) && any(value == 1:100);
    if ~isempty(value) && ~isCount
        sagemaker.internal.refuse(name, value, 'a whole number of instances from 1 to 100');
    end
end
