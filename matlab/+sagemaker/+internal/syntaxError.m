function message = syntaxError(file)
%SYNTAXERROR  Message of MATLAB or Octave about a file with a syntax error; '' if there is none.
%   The file is not run. In MATLAB, pcode parses it; its output goes to a folder that is removed.
%   Source: https://www.mathworks.com/help/matlab/ref/pcode.html
    message = '';
    try
        if exist('__parse_file__') ~= 0  % Octave's; not a valid name in MATLAB, hence feval
            parseByOctave(file);
        else
            parseByPcode(file);
        end
    catch err
        if isempty(regexp(err.message, '^class not found:', 'once'))  % a superclass, not the syntax
            message = err.message;
        end
    end
end

function parseByOctave(file)
    % Parse a class under another name: parsing would spoil the class of this name, if it is loaded.
    [above, name] = fileparts(file);
    [folder, tidy] = sagemaker.internal.temporaryFolder();
    copy = fullfile(folder, [name '_.m']);
    text = fileread(file);
    ascii = text;
    ascii(ascii > 127) = 'x';  % regexp takes UTF-8 only
    at = regexp(ascii, ['^[ \t]*classdef\s*(?:\([^)]*\)\s*)?' name '\>'], 'end', 'once', ...
                'lineanchors');
    if isempty(at)
        feval('__parse_file__', file);
        return
    end
    try
        parseCopy(copy, [text(1:at), '_', text(at + 1:end)], endsWith(above, ['@' name]));
    catch err
        rethrow(struct('identifier', err.identifier, 'message', strrep(err.message, copy, file)));
    end
end

function parseCopy(copy, text, inClassFolder)
    % Without declarations of methods that have their own files: Octave knows none of the folder's.
    sagemaker.internal.writeText(copy, uint8(text));
    try
        feval('__parse_file__', copy);
    catch err
        line = regexp(err.message, 'near line (\d+) .*external methods are only', 'tokens', 'once');
        starts = [0, find(text == 10)] + 1;
        if ~inClassFolder || isempty(line) || text(starts(str2double(line{1}))) == '%'
            rethrow(err);
        end
        text(starts(str2double(line{1}))) = '%';
        parseCopy(copy, text, inClassFolder);
    end
end

function parseByPcode(file)
    [folder, tidy] = sagemaker.internal.temporaryFolder();
    pcodeIn(folder, file);
end

function pcodeIn(folder, file)
    % Leaves FOLDER before its caller removes it.
    before = cd(folder);
    restore = onCleanup(@() cd(before));
    pcode(file);
end
