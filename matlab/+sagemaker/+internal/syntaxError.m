function message = syntaxError(file)
%SYNTAXERROR  What the engine says of a file that it cannot parse, '' for one that it can.
%   Nothing is run. MATLAB parses by pcode; what it writes goes into a folder that is removed.
%   Source: https://www.mathworks.com/help/matlab/ref/pcode.html
    message = '';
    try
        if exist('__parse_file__') ~= 0  % of Octave; a name that MATLAB cannot read
            feval('__parse_file__', file);
        else
            parseByPcode(file);
        end
    catch err
        message = err.message;
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
