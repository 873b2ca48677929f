function value = headerValue(headers, name)
%HEADERVALUE  A header's value as text, '' where it is missing; values of one name joined by commas.
%   HEADERS is an n x 2 cell; names compare without case, a numeric value is written as text.
    value = '';
    if isempty(headers)
        return
    end
    rows = find(strcmpi(headers(:, 1), name));
    for k = 1:numel(rows)
        part = headers{rows(k), 2};
        if isnumeric(part)
            part = sprintf('%.15g', part);
        end
        if k > 1
            value = [value ', '];
        end
        value = [value char(part)];
    end
    value = strtrim(value);
end
