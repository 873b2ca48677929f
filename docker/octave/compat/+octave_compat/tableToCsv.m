function text = tableToCsv(T, delimiter, hasHeader)
%TABLETOCSV  A table as delimited text: a header line, one line a row, LF line ends.
%   Numbers have up to 15 digits, as writetable writes them; NaN is written NaN.
    if nargin < 2
        delimiter = ',';
    end
    names = T.Properties.VariableNames;
    [names, columns] = octave_compat.flatColumns(T, names);
    fields = cell(height(T), numel(columns));
    for k = 1:numel(columns)
        fields(:, k) = octave_compat.fieldTexts(columns{k}, delimiter);
    end
    if nargin < 3 || hasHeader
        fields = [octave_compat.fieldTexts(names(:), delimiter)'; fields];
    end
    text = '';
    if ~isempty(fields)
        form = [repmat(['%s' delimiter], 1, numel(columns) - 1), '%s' newline];
        fields = fields';
        text = sprintf(form, fields{:});
    end
end
