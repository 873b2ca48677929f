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
        message = err.message;
    end
end

function parseByOctave(file)
    % Parse a class under another name: parsing would spoil the class of this name, if it is loaded.
    [above, name] = fileparts(file);
    folder = tempname();
    copy = fullfile(folder, [name '_.m']);
    text = fileread(file);
    renamed = regexprep(text, ['^([ \t]*classdef\s*(?:\([^)]*\)\s*)?' name ')\>'], '$1_', ...
                        'lineanchors');
    if strcmp(renamed, text)
        feval('__parse_file__', file);
        return
    end
    mkdir(folder);
    tidy = onCleanup(@() leave(pwd(), folder));
    sagemaker.internal.writeText(copy, renamed);
    try
        feval('__parse_file__', copy);
    catch err
        rethrow(struct('identifier', err.identifier, 'message', strrep(err.message, copy, file)));
    end
end

function parseByPcode(file)
    folder = tempname();
    mkdir(folder);
    before = cd(folder);
    restore = onCleanup(@() leave(before, folder));
    pcode(file);
end

function leave(before, folder)
    cd(before);
    rmdir(folder, 's');
end
