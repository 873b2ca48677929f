function message = syntaxError(file)
%SYNTAXERROR  Message of MATLAB or Octave about a file with a syntax error; '' if there is none.
%   The file is not run. In MATLAB, pcode parses it; its output goes to a folder that is removed.
%   Source: https://www.mathworks.com/help/matlab/ref/pcode.html
    message = '';
    try
        if exist('__parse_file__') ~= 0  % Octave's; not a valid name in MATLAB, hence feval
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
