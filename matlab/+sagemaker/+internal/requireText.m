function text = requireText(name, value, pattern, wanted)
%REQUIRETEXT  VALUE as char; raise sagemaker:input:<name> unless it is text that matches PATTERN.
%   '' and [] become ''. WANTED says what is expected.
    text = sagemaker.internal.plain(value);
    if isempty(text)
        text = '';
    elseif ~ischar(text) || size(text, 1) > 1 || isempty(regexp(text, pattern, 'once'))
        sagemaker.internal.refuse(name, text, wanted);
    end
end
