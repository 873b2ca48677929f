function values = joinColumns(columns)
%JOINCOLUMNS  Columns of one kind side by side, as T{rows, columns} gives them.
    text = cellfun(@iscell, columns);
    if any(text) && ~all(text)
        error('MATLAB:table:ExtractDataIncompatibleTypeError', ...
              'Numbers and text cannot be joined in one array. Index variables of one kind.');
    end
    values = [columns{:}];
end
