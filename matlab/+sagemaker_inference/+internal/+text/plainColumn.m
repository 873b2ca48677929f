function values = plainColumn(column)
%PLAINCOLUMN  One column of a table as numbers, logical values, or text (cell column of char).
%   Strings, categories, dates and durations become text; missing ones become ''. A cell array that
%   has only numbers becomes numeric. Among text, numbers become text.
    if isnumeric(column) || islogical(column)
        values = column;
    elseif iscell(column)
        values = plainCells(column);
    else
        values = repmat({''}, size(column));
        known = ~ismissing(column);
        values(known) = cellstr(column(known));
    end
end

function values = plainCells(values)
    isText = cellfun('isclass', values, 'char');
    if all(isText)
        return
    end
    if ~any(isText)
        kinds = cellfun(@class, values, 'UniformOutput', false);
        if all(cellfun(@(v) isnumeric(v) || islogical(v), values))
            if any(~strcmp(kinds, kinds{1}))
                values = cellfun(@double, values, 'UniformOutput', false);
            end
            values = vertcat(values{:});
            return
        end
    end
    for k = find(~isText(:))'
        value = sagemaker_inference.internal.text.plainColumn(values{k});
        if isnumeric(value)
            part = sagemaker_inference.internal.text.numberChars(value);
            value = {strtrim(part.Padded)};
        elseif islogical(value)
            words = {'false', 'true'};
            value = words(value + 1);
        end
        values(k) = value;
    end
end
