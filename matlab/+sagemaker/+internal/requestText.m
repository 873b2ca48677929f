function [text, type] = requestText(data)
%REQUESTTEXT  A table, a struct of columns or a matrix as CSV, and its content type.
%   [TEXT, TYPE] = requestText(DATA) raises sagemaker:predict:request for any other class, and if
%   there is no row.
    type = 'text/csv; header=present';
    if isstruct(data)
        data = sagemaker.internal.structTable(data);
    end
    requireReal(data);
    if isa(data, 'table')
        text = sagemaker_inference.writeTableToString(data);
    elseif (isnumeric(data) || islogical(data)) && ismatrix(data)
        type = 'text/csv; header=absent';
        columns = num2cell(double(data), 1);
        text = sagemaker_inference.writeTableToString(table(columns{:}));
        text = regexprep(text, '^[^\n]*\n', '');
    else
        error('sagemaker:predict:request', ...
              'The request is of class %s. Give a table, a struct of columns, or a matrix.', ...
              class(data));
    end
    if size(data, 1) == 0
        error('sagemaker:predict:request', 'The request has no rows. Give at least one.');
    end
end

function requireReal(data)
    % The imaginary part would be lost.
    columns = {data};
    if isa(data, 'table')
        columns = cellfun(@(name) data.(name), data.Properties.VariableNames, ...
                          'UniformOutput', false);
    end
    if any(cellfun(@(column) isnumeric(column) && ~isreal(column), columns))
        error('sagemaker:predict:request', ...
              'The request has complex numbers, which cannot be sent. Give real numbers.');
    end
end
