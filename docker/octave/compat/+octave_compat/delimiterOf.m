function delimiter = delimiterOf(option)
%DELIMITEROF  The one character that MATLAB's 'Delimiter' option names.
    names = {'comma', ',', 'tab', sprintf('\t'), 'semi', ';', 'space', ' ', 'bar', '|'};
    names = [names, {'\t', sprintf('\t')}];
    delimiter = char(option);
    at = find(strcmp(names(1:2:end), delimiter), 1);
    if ~isempty(at)
        delimiter = names{2 * at};
    end
    if numel(delimiter) ~= 1
        error('octave_compat:csv:delimiter', ...
              'The delimiter ''%s'' is not one character. Give one, such as '',''.', delimiter);
    end
end
