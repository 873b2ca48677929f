function T = readTableFromString(text, varargin)
%READTABLEFROMSTRING  Delimited text with a header line as a table.
%   T = sagemaker_inference.readTableFromString(TEXT) reads TEXT (char), RFC 4180's CSV. Names are
%   as they are. A column is numbers (an empty field: NaN) where every field is one and none is
%   quoted, else text (a cell array of char). Raises sagemaker_inference:decode:body when TEXT is no
%   such text, and sagemaker_inference:input:text when it is of another class.
%   T = sagemaker_inference.readTableFromString(TEXT, NAME, VALUE, ...) takes of readtable's
%   options:
%       'Delimiter'          - one character, or 'comma', 'tab', 'semi', 'space', 'bar'. Default is
%                              a comma.
%       'ReadVariableNames'  - whether the first line has the names (true, default); without it
%                              they are Var1, Var2, ...
%       'VariableNamingRule' - 'preserve' (default), or 'modify' as matlab.lang.makeValidName does.
%       'TextType'           - 'char' (default), or 'string', which GNU Octave reads as char.
%       'FileType'           - 'delimitedtext' or 'text'; there is no other.
%   Raises sagemaker_inference:options:name for another option, with the nearest, and :value.
%
%   Example: text with semicolons.
%       T = sagemaker_inference.readTableFromString(text, 'Delimiter', ';')
%   See also sagemaker_inference.writeTableToString.
    if ~ischar(text) && ~isa(text, 'string')
        error('sagemaker_inference:input:text', ...
              'readTableFromString got a %s. Give the text of a file, such as fileread gives.', ...
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
