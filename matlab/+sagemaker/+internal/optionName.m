function name = optionName(given, names, owner)
%OPTIONNAME  The one of NAMES, a cell, that the option GIVEN means, in any case.
%   Raises sagemaker:input:option if there is none. OWNER is the caller's name, for the error.
    given = sagemaker.internal.plain(given);
    if ~ischar(given)
        given = class(given);
    end
    spelt = given;
    if strcmpi(given, 'SecurityGroupIds')  % AWS's spelling
        spelt = 'SecurityGroupsIds';  % the spelling of MathWorks' demo
    end
    at = find(strcmpi(names, spelt), 1);
    if isempty(at)
        error('sagemaker:input:option', '%s has no option ''%s''. Its options are: %s.', owner, ...
              given, strjoin(reshape(names, 1, []), ', '));
    end
    name = names{at};
end
