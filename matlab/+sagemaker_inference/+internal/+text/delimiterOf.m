function delimiter = delimiterOf(option)
%DELIMITEROF  The character that MATLAB's option 'Delimiter' names.
%   Raises sagemaker_inference:csv:delimiter.
    names = {'comma', ',', 'tab', sprintf('\t'), 'semi', ';', 'space', ' ', 'bar', '|'};
    names = [names, {'\t', sprintf('\t')}];
    delimiter = char(option);
    at = find(strcmp(names(1:2:end), delimiter), 1);
    if ~isempty(at)
        delimiter = names{2 * at};
    end
    if numel(delimiter) ~= 1 || any(delimiter == ['"', newline])
        error('sagemaker_inference:csv:delimiter', ...
              ['The delimiter ''%s'' is not one character that can be between fields. Give ' ...
               'one, such as '',''.'], ...
              delimiter);
    end
end
