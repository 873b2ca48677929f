function T = readTableFromString(text, varargin)
%READTABLEFROMSTRING  Read delimited text with a header line as a table.
%   T = sagemaker_inference.readTableFromString(TEXT) reads TEXT (char), which is CSV (RFC 4180).
%   Names stay as they are. A column is numeric, with NaN for an empty field, if every field is an
%   unquoted number. Any other column is text (a cell array of char). Raises
%   sagemaker_inference:decode:body if TEXT is not valid CSV, and sagemaker_inference:input:text if
%   it is of another class.
%   T = sagemaker_inference.readTableFromString(TEXT, NAME, VALUE, ...) has these options of
%   readtable:
%       'Delimiter'          - one character, or 'comma', 'tab', 'semi', 'space', 'bar'. Default
%                              'comma'.
%       'ReadVariableNames'  - true (default) if the first line has the names; false names the
%                              columns Var1, Var2, ...
%       'VariableNamingRule' - 'preserve' (default), or 'modify' as matlab.lang.makeValidName does.
%       'TextType'           - 'char' (default) or 'string'; GNU Octave returns char for both.
%       'FileType'           - 'text' or 'delimitedtext', which mean the same.
%   Raises sagemaker_inference:options:name for an unknown option, and suggests the nearest, and
%   sagemaker_inference:options:value for a wrong value.
%
%   Example: read text with semicolons.
%       T = sagemaker_inference.readTableFromString(text, 'Delimiter', ';')
%
%   See also sagemaker_inference.writeTableToString.
    if ~ischar(text) && ~isa(text, 'string')
        error('sagemaker_inference:input:text', ...
              'readTableFromString got a %s. Give text, such as fileread returns.', ...
              class(text));
    end
    defaults = struct('Delimiter', ',', 'ReadVariableNames', true, ...
                      'VariableNamingRule', 'preserve', 'TextType', 'char', 'FileType', 'text');
    options = sagemaker_inference.internal.tableOptions(varargin, defaults, 'readTableFromString');
    oneOf = @(name, choices) sagemaker_inference.internal.optionOneOf(options, name, choices);
    oneOf('FileType', {'text', 'delimitedtext'});
    delimiter = sagemaker_inference.internal.text.delimiterOf(options.Delimiter);
    header = 'present';
    if ~options.ReadVariableNames
        header = 'absent';
    end
    predictors = sagemaker_inference.internal.predictorsOf([]);
    T = sagemaker_inference.internal.csvToTable(char(text), header, predictors, delimiter);
    if strcmp(oneOf('VariableNamingRule', {'preserve', 'modify'}), 'modify')
        names = matlab.lang.makeValidName(T.Properties.VariableNames);
        T.Properties.VariableNames = matlab.lang.makeUniqueStrings(names);
    end
    if strcmp(oneOf('TextType', {'char', 'string'}), 'string')
        T = withStrings(T);
    end
end

function T = withStrings(T)
    for name = T.Properties.VariableNames
        if iscell(T.(name{1}))
            T.(name{1}) = string(T.(name{1}));
        end
    end
end
