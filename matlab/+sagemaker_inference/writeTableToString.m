function text = writeTableToString(T, varargin)
%WRITETABLETOSTRING  Write a table as delimited text with a header line and LF line ends (char).
%   TEXT = sagemaker_inference.writeTableToString(T) writes text that readTableFromString can read.
%   Numbers are the shortest text that gives the same double, logical values are true and false,
%   other classes are text, and missing text is ''.
%   TEXT = sagemaker_inference.writeTableToString(T, NAME, VALUE, ...) has these options of
%   writetable:
%       'Delimiter'          - one character, or 'comma', 'tab', 'semi', 'space', 'bar'. Default
%                              'comma'.
%       'WriteVariableNames' - whether the first line has the names. Default true.
%       'FileType'           - 'text' or 'delimitedtext', which mean the same.
%   Raises sagemaker_inference:input:table if T is not a table, sagemaker_inference:options:name for
%   an unknown option, and suggests the nearest, and sagemaker_inference:options:value for a wrong
%   value.
%
%   Example: write text with tabs.
%       text = sagemaker_inference.writeTableToString(T, 'Delimiter', 'tab')
%
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
