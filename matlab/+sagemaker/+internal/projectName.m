function name = projectName(text)
%PROJECTNAME  TEXT as the name of a project; it is said where it had to be changed.
%   1 to 32 lower-case letters, digits and single inner hyphens: so pump_Faults is pump-faults.
%   Raises sagemaker:input:name where nothing is left.
    text = char(text);
    name = regexprep(lower(text), '[^a-z0-9]+', '-');
    name = regexprep(name(1:min(end, 33)), '^-', '');
    name = regexprep(name(1:min(end, 32)), '-$', '');
    if isempty(name)
        error('sagemaker:input:name', ...
              ['''%s'' has no letter or digit. Give a name such as pump-faults: BaseJobName ' ...
               'of an estimator, Name of a model.'], text);
    end
    if ~strcmp(name, text)
        fprintf('The project is called %s: %s is no name of a training job.\n', name, text);
    end
end
