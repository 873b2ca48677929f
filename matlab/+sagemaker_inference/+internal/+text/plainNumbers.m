function values = plainNumbers(text)
%PLAINNUMBERS  Numbers with commas between them (char row) as a column of doubles.
%   VALUES = plainNumbers(TEXT) is [] unless each is a number as in JSON, without an exponent. Each
%   becomes the nearest double. jsondecode takes a tenth of the time of sscanf, but is not always
%   exact: see isInexact.
    values = [];
    if isempty(text) || any(text < ',' | text > '9')  % between these are digits, -, . and /
        return
    end
    try
        values = jsondecode(['[' text ']']);
    catch
        return
    end
    if sagemaker_inference.internal.text.isInexact(text)
        text(text == ',') = ' ';
        values = sscanf(text, '%f');
    end
end
