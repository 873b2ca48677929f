function isQuote = jsonQuotes(text)
%JSONQUOTES  Where JSON text has the quotes around texts, which those within a text are not.
    isQuote = text == '"';
    if any(text == '\')  % a quote behind an odd number of them is part of a text
        at = 1:numel(text);
        at(text == '\') = 0;
        isQuote = isQuote & mod(0:numel(text) - 1, 2) == mod([0, cummax(at(1:end - 1))], 2);
    end
end
