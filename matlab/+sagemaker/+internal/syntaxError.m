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
    [folder, tidy] = sagemaker.internal.temporaryFolder();
    copy = fullfile(folder, [name '_.m']);
    text = fileread(file);
    renamed = regexprep(text, ['^([ \t]*classdef\s*(?:\([^)]*\)\s*)?' name ')\>'], '$1_', ...
                        'lineanchors');
    if strcmp(renamed, text)
        feval('__parse_file__', file);
        return
    end
    sagemaker.internal.writeText(copy, renamed);
    try
        feval('__parse_file__', copy);
    catch err
        rethrow(struct('identifier', err.identifier, 'message', strrep(err.message, copy, file)));
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
