function isQuote = jsonQuotes(text)
%JSONQUOTES  Where JSON text has quotes that start or end a text, not quotes inside of one.
    isQuote = text == '"';
    if any(text == '\')  % after an odd number of backslashes, a quote is part of a text
        at = 1:numel(text);
        at(text == '\') = 0;
        isQuote = isQuote & mod(0:numel(text) - 1, 2) == mod([0, cummax(at(1:end - 1))], 2);
    end
end
