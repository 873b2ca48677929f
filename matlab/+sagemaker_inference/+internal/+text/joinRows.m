function text = joinRows(parts, count)
%JOINROWS  Text of COUNT rows, each with its PARTS (1 x n cell) side by side.
%   A part is one text for all rows (char row), one text for each row (cell column), or a result of
%   numberChars: a struct with Padded, whose rows are padded with blanks.
%   All rows become one matrix, from which the padding is removed. This takes a third of the time of
%   sprintf.
    widths = cellfun(@widthOf, parts);
    if count > 1 && count * sum(widths) > 4e6
        half = floor(count / 2);
        text = [sagemaker_inference.internal.text.joinRows(rowsOf(parts, 1:half), half), ...
                sagemaker_inference.internal.text.joinRows(rowsOf(parts, half + 1:count), ...
                                                           count - half)];
        return
    end
    chars = cell(size(parts));
    isKept = cell(size(parts));
    for k = 1:numel(parts)
        [chars{k}, isKept{k}] = block(parts{k}, count);
    end
    chars = [chars{:}]';
    text = reshape(chars([isKept{:}]'), 1, []);
end

function width = widthOf(part)
    if iscell(part)
        width = max([0; cellfun('prodofsize', part)]);
    elseif isstruct(part)
        width = size(part.Padded, 2);
    else
        width = numel(part);
    end
end

function parts = rowsOf(parts, rows)
    for k = 1:numel(parts)
        if iscell(parts{k})
            parts{k} = parts{k}(rows);
        elseif isstruct(parts{k})
            parts{k}.Padded = parts{k}.Padded(rows, :);
        end
    end
end

function [chars, isKept] = block(part, count)
    if iscell(part)
        [kinds, which] = distinct(part);
        chars = char(kinds);
        isKept = (1:size(chars, 2)) <= cellfun('prodofsize', kinds);
        if size(chars, 1) == numel(kinds) && numel(kinds) < count
            chars = chars(which, :);
            isKept = isKept(which, :);
        end
    elseif isstruct(part)
        chars = part.Padded;
        isKept = chars ~= ' ';
    else
        chars = part(ones(count, 1), :);  % repmat takes a tenth of a millisecond
        isKept = true(size(chars));
    end
end

function [kinds, which] = distinct(texts)
    % The different texts of a column, such as labels, and which of them each row has. If there are
    % many, all texts. For each text, char takes ten times as long as strcmp.
    kinds = cell(0, 1);
    which = zeros(size(texts));
    at = 1;
    while ~isempty(at) && numel(kinds) < 16
        kinds{end + 1, 1} = texts{at};
        which(strcmp(texts, texts{at})) = numel(kinds);
        at = find(which == 0, 1);
    end
    if ~isempty(at)
        kinds = texts;
        which = 1:numel(texts);
    end
end
