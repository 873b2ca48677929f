function requireArguments(count, call)
%REQUIREARGUMENTS  Raise sagemaker:input:<name> where a call has only the first COUNT arguments.
%   CALL shows it with all that it needs, such as 'MATLABPredictor(endpointName, session)'.
    names = regexp(regexp(call, '(?<=\().*(?=\))', 'match', 'once'), '\w+', 'match');
    if count < numel(names)
        name = names{count + 1};
        rethrow(struct('identifier', ['sagemaker:input:' name], ...
                       'message', sprintf('There is no %s. Call %s.', name, call)));
    end
end
