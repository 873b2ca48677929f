function text = tableToJson(prediction)
%TABLETOJSON  A prediction as a JSON array with one record for each row.
%   TEXT = tableToJson(PREDICTION): a struct is written as jsonencode writes it. Numbers are the
%   shortest text that gives the same double. NaN and Inf, which JSON does not have, are null. A
%   variable with several columns is an array.
    if isstruct(prediction)
        text = jsonencode(prediction);
        return
    end
    T = sagemaker_inference.internal.asTable(prediction);
    text = '[]';
    if height(T) == 0 || width(T) == 0
        return
    end
    [text, quotes] = recordsOf(T, @(texts) texts);
    if any(text == '\' | text < 32) || sum(text == '"') ~= quotes
        text = recordsOf(T, @escaped);  % rare, so it is faster to look for it in the whole text
    end
    text = ['[' text(1:end - 1) ']'];
end

function [text, quotes] = recordsOf(T, made)
    % Each record, with a comma after it. MADE turns text into what JSON has between quotes. QUOTES
    % is the number of quotes in the records if no text contains one.
    names = T.Properties.VariableNames;
    written = made(names);
    parts = {};
    for k = 1:numel(names)
        parts = [parts, {[',"' written{k} '":']}, variableParts(T.(names{k}), made)];
    end
    parts{1}(1) = '{';
    rows = height(T);
    text = sagemaker_inference.internal.text.joinRows([parts, {'},'}], rows);
    constants = parts(cellfun('isclass', parts, 'char'));
    quotes = rows * (2 * numel(names) + sum(strcmp(constants, '"')));
end

function parts = variableParts(variable, made)
    % Parts for joinRows: one value, or an array with a value for each column.
    parts = columnParts(variable(:, 1:min(end, 1)), made);
    wide = size(variable, 2);
    if wide == 1
        return
    end
    parts = [{'['}, parts];
    for k = 2:wide
        parts = [parts, {','}, columnParts(variable(:, k), made)];
    end
    parts = [parts, {']'}];
end

function parts = columnParts(column, made)
    if isempty(column)
        parts = {''};
        return
    end
    if iscell(column) && ~all(cellfun('isclass', column, 'char'))
        parts = {cellfun(@(v) oneValue(v, made), column, 'UniformOutput', false)};
        return
    end
    values = sagemaker_inference.internal.text.plainColumn(column);
    if isnumeric(values)
        parts = {sagemaker_inference.internal.text.numberChars(values, 'null')};
    elseif islogical(values)
        words = {'false'; 'true'};
        parts = {words(values + 1)};
    else
        parts = {'"', made(values), '"'};
    end
end

function text = oneValue(value, made)
    % The value of one cell, in a column whose cells have different classes.
    if ischar(value)
        value = {value};
    end
    text = sagemaker_inference.internal.text.joinRows(columnParts(value, made), 1);
end

function texts = escaped(texts)
    % Texts as JSON has them between quotes.
    text = [texts{:}];
    if any(text == '\')
        texts = strrep(texts, '\', '\\');
    end
    isSpecial = text == '"' | text < 32;  % not < ' ': Octave's bytes above 127 are below it
    if any(isSpecial)
        for code = unique(double(text(isSpecial)))
            texts = strrep(texts, char(code), sprintf('\\u%04x', code));
        end
    end
end
