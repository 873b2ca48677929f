function text = writeTableToString(T, varargin)
%WRITETABLETOSTRING  A table as delimited text with a header line, LF line ends (char).
%   TEXT = sagemaker_inference.writeTableToString(T) writes what readTableFromString reads: numbers
%   as the shortest text that gives the same double, logical values as true and false, other
%   classes as text, missing text as ''.
%   TEXT = sagemaker_inference.writeTableToString(T, NAME, VALUE, ...) takes of writetable's
%   options:
%       'Delimiter'          - one character, or 'comma', 'tab', 'semi', 'space', 'bar'. Default is
%                              a comma.
%       'WriteVariableNames' - whether the first line has the names. Default is true.
%       'FileType'           - 'delimitedtext' or 'text'; there is no other.
%   Raises sagemaker_inference:input:table for what is no table, and
%   sagemaker_inference:options:name for another option, with the nearest, and :value.
%
%   Example: text = sagemaker_inference.writeTableToString(T, 'Delimiter', 'tab')
%   See also sagemaker_inference.readTableFromString.
    if ~isa(T, 'table')
        error('sagemaker_inference:input:table', ...
              'writeTableToString got a %s. Give a table, such as table([1; 2]).', class(T));
    end
    delimiter = ',';
    hasHeader = true;
    if ~isempty(varargin)
        defaults = struct('Delimiter', ',', 'WriteVariableNames', true, 'FileType', 'text');
        options = sagemaker_inference.internal.tableOptions(varargin, defaults, ...
                                                            'writeTableToString');
        sagemaker_inference.internal.optionOneOf(options, 'FileType', {'text', 'delimitedtext'});
        delimiter = sagemaker_inference.internal.text.delimiterOf(options.Delimiter);
        hasHeader = logical(options.WriteVariableNames);
    end
    text = sagemaker_inference.internal.text.tableToCsv(T, delimiter, hasHeader);
end
