function T = csvToTable(text, delimiter, hasHeader)
%CSVTOTABLE  Delimited text with a header line as a table.
%   A column whose fields are all numbers or empty is numeric (empty: NaN), any other is text.
%   Names are made valid and unique as readtable does. Raises octave_compat:csv:*.
    if nargin < 2
        delimiter = ',';
    end
    cells = octave_compat.splitDelimited(text, delimiter);
    names = arrayfun(@(k) sprintf('Var%d', k), 1:size(cells, 2), 'UniformOutput', false);
    if nargin < 3 || hasHeader
        names = octave_compat.headerNames(cells(1, :), names);
        cells(1, :) = [];
    end
    columns = cell(1, size(cells, 2));
    for k = 1:numel(columns)
        columns{k} = octave_compat.typedColumn(cells(:, k));
    end
    T = table(columns{:}, 'VariableNames', names);
end
