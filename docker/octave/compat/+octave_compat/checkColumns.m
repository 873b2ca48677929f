function columns = checkColumns(columns, names)
%CHECKCOLUMNS  The columns of a table, with char matrices converted to cells of text.
%   Raises MATLAB:table:* unless names are distinct, one for each column, and heights are equal.
    isText = cellfun(@ischar, columns);
    columns(isText) = cellfun(@cellstr, columns(isText), 'UniformOutput', false);
    if numel(names) ~= numel(columns)
        error('MATLAB:table:IncorrectNumberOfVarNames', ...
              'There are %d names for %d table variables. Give one name for each.', ...
              numel(names), numel(columns));
    end
    if numel(unique(names)) ~= numel(names)
        error('MATLAB:table:DuplicateVarNames', ...
              'Two table variables have the same name in: %s.', ...
              strjoin(names, ', '));
    end
    heights = cellfun(@(c) size(c, 1), columns);
    if any(heights ~= max([heights, 0]))
        error('MATLAB:table:UnequalVarLengths', ...
              'Table variables must have the same number of rows; these have %s.', ...
              strtrim(sprintf('%d ', heights)));
    end
end
