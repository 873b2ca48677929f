function text = numberText(value)
%NUMBERTEXT  VALUE as text that reads back as the same double, with 15 digits if they are enough.
    text = sprintf('%.15g', value);
    if str2double(text) ~= value
        text = sprintf('%.17g', value);
    end
end
