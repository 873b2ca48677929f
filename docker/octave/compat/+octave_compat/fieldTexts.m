function texts = fieldTexts(column, delimiter)
%FIELDTEXTS  A column as rows x 1 cell array of delimited-text fields, quoted where needed.
    if iscell(column)
        texts = cellfun(@(v) asText(v), column, 'UniformOutput', false);
        needs = ~cellfun('isempty', regexp(texts, ['["\r\n' delimiter ']'], 'once'));
        texts(needs) = cellfun(@(t) ['"' strrep(t, '"', '""') '"'], texts(needs), ...
                               'UniformOutput', false);
    else
        texts = arrayfun(@(v) sprintf('%.15g', v), column, 'UniformOutput', false);
    end
end

function text = asText(value)
    if ischar(value)
        text = value;
    else
        text = sprintf('%.15g', value);
    end
end
