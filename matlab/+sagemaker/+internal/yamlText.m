function text = yamlText(sections)
%YAMLTEXT  A mapping (sagemaker.internal.entries) as YAML, with a blank line before each section.
    text = '';
    for k = 1:numel(sections)
        if isstruct(sections(k).value)
            text = [text newline];
        end
        text = [text, strjoin(linesOf(sections(k), ''), newline), newline];
    end
end

function lines = linesOf(list, indent)
    lines = {};
    for k = 1:numel(list)
        key = scalar(list(k).key);
        value = list(k).value;
        if isstruct(value)
            lines = [lines, {[indent key ':']}, linesOf(value, [indent '  '])];
        else
            lines{end + 1} = [indent key ': ' flow(value)];
        end
    end
end

function text = flow(value)
    % A value on one line.
    if iscell(value)
        parts = cellfun(@(item) scalar(item), value, 'UniformOutput', false);
    elseif ischar(value) || isscalar(value)
        text = scalar(value);
        return
    else
        parts = arrayfun(@(item) scalar(item), value, 'UniformOutput', false);
    end
    text = ['[' strjoin(reshape(parts, 1, []), ', ') ']'];
end

function text = scalar(value)
    if islogical(value)
        words = {'false', 'true'};
        text = words{value + 1};
    elseif isnumeric(value)
        text = sagemaker.internal.numberText(double(value));
    else
        text = words_(char(value));
    end
end

function text = words_(text)
    % Text that every YAML parser reads as this text stays as it is. Other text is quoted.
    % Source: https://yaml.org/spec/1.2.2/#73-flow-scalar-styles
    isPlain = ~isempty(regexp(text, '^([A-Za-z_]([\w./-]|:(?=/)| (?=\w))*|\d+[mhd])$', 'once'));
    reserved = {'true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n'};
    if isPlain && ~any(strcmpi(text, reserved))
        return
    end
    text = strrep(strrep(text, '\', '\\'), '"', '\"');
    text = strrep(strrep(text, sprintf('\n'), '\n'), sprintf('\t'), '\t');
    for k = [0:31, 127]
        text = strrep(text, char(k), sprintf('\\x%02x', k));
    end
    text = ['"' text '"'];
end
