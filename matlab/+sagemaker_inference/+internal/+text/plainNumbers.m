function values = plainNumbers(text)
%PLAINNUMBERS  Numbers with commas between them (char row) as a column of doubles.
%   [] unless each is a number as JSON has it, without an exponent. Each becomes the double that is
%   nearest to it. jsondecode needs a tenth of sscanf's time, but see jsonIsInexact.
    values = [];
    if isempty(text) || any(text < ',' | text > '9')  % between them are digits, points, minus and /
        return
    end
    try
        values = jsondecode(['[' text ']']);
    catch
        return
    end
    if sagemaker_inference.internal.jsonIsInexact(text)
        text(text == ',') = ' ';
        values = sscanf(text, '%f');
    end
end
