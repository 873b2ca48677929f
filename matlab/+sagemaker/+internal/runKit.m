function [code, text] = runKit(verb, options, folder)
%RUNKIT  Run a command (verb) of the kit; show its output while it runs.
%   CODE = sagemaker.internal.runKit(VERB, OPTIONS) runs it in the current folder. OPTIONS is a cell
%   of text, CODE the exit code.
%   [CODE, TEXT] = sagemaker.internal.runKit(VERB, OPTIONS, FOLDER) runs it in FOLDER and returns
%   its outputs as a JSON object, or {"error": ...}; the error is not shown. This is the default
%   Runner of sagemaker.Session. The log of predict, which has all rows, is shown only if it fails.
%   In MATLAB, the command finds this MATLAB first, which compiles the handler.
    folders = '';
    if strcmp(sagemaker.internal.engine(), 'matlab')
        folders = [fullfile(matlabroot(), 'bin'), pathsep(), getenv('PATH')];
    end
    restore = sagemaker.internal.setVariables({'PATH'}, {folders});
    words = [program(), {verb}, options];
    text = '';
    if nargout < 2
        code = sagemaker.internal.shell(command('', words, ''));
        return
    end
    file = tempname();
    tidy = onCleanup(@() removeFile(file));
    line = command(folder, [words, {'--json', '--errors-as-json'}], file);
    if strcmp(verb, 'predict')
        [code, log] = quietly(line);
        fprintf('%s', log(1:end * (code ~= 0)));
    else
        code = sagemaker.internal.shell(line);
    end
    if isfile(file)
        text = sagemaker.internal.readText(file);
    end
end

function [code, log] = quietly(line)
    % Run LINE and return what it writes to standard error.
    file = tempname();
    tidy = onCleanup(@() removeFile(file));
    code = sagemaker.internal.shell([line ' 2> ' sagemaker.internal.commandLine({file})]);
    log = '';
    if isfile(file)
        log = sagemaker.internal.readText(file);
    end
end

function words = program()
    scripts = fullfile(sagemaker.internal.kitFolder(), 'scripts');
    words = {'python', scripts};
    if ~ispc()
        words = sagemaker.internal.withoutLibraries({'bash', fullfile(scripts, 'run')});
    end
end

function line = command(folder, words, file)
    % The line for the system's shell: cmd on Windows, where no caller gives a folder, else sh.
    parts = {sagemaker.internal.commandLine(words)};
    if ~isempty(file)
        parts{end} = [parts{end} ' > ' sagemaker.internal.commandLine({file})];
    end
    if ~isempty(folder)
        parts = [{['cd ' sagemaker.internal.commandLine({folder})]}, parts];
    end
    line = strjoin(parts, ' && ');
end

function removeFile(file)
    if isfile(file)
        delete(file);
    end
end
