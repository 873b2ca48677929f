function T = csvToTable(text, delimiter, hasHeader, isPreserved)
%CSVTOTABLE  Delimited text as a table, as readtable gives it.
%   Names are made valid and unique unless ISPRESERVED. Raises sagemaker_inference:csv:*.
    [header, columns] = sagemaker_inference.internal.text.csvColumns(text, delimiter, ...
                                                                @(fields) hasHeader);
    names = arrayfun(@(k) sprintf('Var%d', k), 1:numel(columns), 'UniformOutput', false);
    if hasHeader
        isNamed = ~cellfun('isempty', header);
        names(isNamed) = header(isNamed);
    end
    if ~isPreserved && ~all(cellfun(@isvarname, names))
        names = matlab.lang.makeValidName(names);
    end
    if numel(unique(names)) < numel(names)
        names = matlab.lang.makeUniqueStrings(names);
    end
    T = table(columns{:}, 'VariableNames', names);
end
