function text = numberText(value)
%NUMBERTEXT  The shortest text that is the same double as VALUE again.
    text = sprintf('%.15g', value);
    if str2double(text) ~= value
        text = sprintf('%.17g', value);
    end
end
