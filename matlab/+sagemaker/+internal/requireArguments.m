function requireArguments(count, call)
%REQUIREARGUMENTS  Raise sagemaker:input:<name> if a call has fewer arguments than it needs.
%   requireArguments(COUNT, CALL): COUNT is the number of arguments that it has. CALL shows the
%   call with its required arguments, such as 'MATLABPredictor(endpointName)'.
    names = regexp(regexp(call, '(?<=\().*(?=\))', 'match', 'once'), '\w+', 'match');
    if count < numel(names)
        name = names{count + 1};
        rethrow(struct('identifier', ['sagemaker:input:' name], ...
                       'message', sprintf('The argument %s is missing. Call %s.', name, call)));
    end
end
