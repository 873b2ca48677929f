function [code, text] = shell(line)
%SHELL  Run LINE, a command with sh's redirections, and show its output; on Windows, cmd runs it.
%   [CODE, TEXT] = sagemaker.internal.shell(LINE) returns the output. MATLAB's system would use the
%   shell that the variable SHELL names, such as tcsh.
    if ~ispc()
        line = ['exec /bin/sh -c ' sagemaker.internal.commandLine({line})];
    end
    if nargout < 2
        code = system(line);
    else
        [code, text] = system(line);
    end
end
