function quoted = jsonQuoted(text)
%JSONQUOTED  JSON text with its numbers in quotes, '' if no number needs that.
%   See text.isInexact.
    quoted = '';
    if ~sagemaker_inference.internal.text.isInexact(text)
        return
    end
    isDigit = areDigits(text);
    outside = mod(cumsum(sagemaker_inference.internal.jsonQuotes(text)), 2) == 0;
    isPart = outside & (isDigit | ismember(text, '+-eE'));
    starts = find(isPart & ~[false, isPart(1:end - 1)]);
    stops = find(isPart & ~[isPart(2:end), false]);
    isNumber = isDigit(starts) | text(starts) == '-';  % the e of true is not a number
    starts = starts(isNumber);
    stops = stops(isNumber);
    before = zeros(1, numel(text) + 1);
    before(starts) = 1;
    before(stops + 1) = before(stops + 1) + 1;
    at = (1:numel(text)) + cumsum(before(1:end - 1));
    quoted = repmat('"', 1, numel(text) + 2 * numel(starts));
    quoted(at) = text;
end

function tf = areDigits(text)
    tf = text >= '0' & text <= '9' | text == '.';
end
