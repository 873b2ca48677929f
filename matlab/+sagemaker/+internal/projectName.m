function name = projectName(text)
%PROJECTNAME  TEXT as a valid project name; a message says if it had to be changed.
%   A name has 1 to 32 lower-case letters, digits and single hyphens between them: pump_Faults
%   becomes pump-faults. Raises sagemaker:input:name if TEXT has no letter or digit.
    text = char(text);
    name = regexprep(lower(text), '[^a-z0-9]+', '-');
    name = regexprep(name(1:min(end, 33)), '^-', '');
    name = regexprep(name(1:min(end, 32)), '-$', '');
    if isempty(name)
        error('sagemaker:input:name', ...
              ['The project name ''%s'' has no letter or digit. Give one such as pump-faults, ' ...
               'with BaseJobName of an estimator or Name of a model.'], text);
    end
    if ~strcmp(name, text)
        fprintf(['The project is named %s instead of %s: a name has at most 32 lower-case ' ...
                 'letters, digits and hyphens.\n'], name, text);
    end
end
