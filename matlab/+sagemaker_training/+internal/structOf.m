function s = structOf(names, values)
%STRUCTOF  A scalar struct of names that need not be field names.
%   How names become fields: see sagemaker_training.Environment.
    s = struct();
    if ~isempty(names)
        names = matlab.lang.makeUniqueStrings(matlab.lang.makeValidName(names));
        s = cell2struct(values(:), names(:), 1);
    end
end
