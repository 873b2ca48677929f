function code = rehearse(base)
%REHEARSE  Train as a job would, and answer a request as the endpoint would, in this session.
%   CODE = sagemaker.internal.rehearse(BASE) works in BASE, a folder laid out like /opt/ml, and
%   returns 0, or 1 if training or handler failed. BASE/rehearsal.json says what to do:
%       trains       - whether to run sagemaker_training.main, with the environment variables names
%                      and values
%       code         - folder of the training code; codePath - folders to add to the path for it
%       engine       - engine of the project, octave or matlab. If it is the engine of this session,
%                      a syntax error in the handler is reported before the training.
%       handler      - class of the handler, '' for none
%       handlerPath  - folders to add to the path for it; the first has its code
%       request      - file with the body of the request; contentType, accept - its types
%   The results are in BASE/output: the empty file started, the file failure if the training failed,
%   the file handler-failure, in the same form, if the handler failed, the file answer with the
%   endpoint's answer, and result.json:
%       release      - MATLAB release, such as 2026a; '' on Octave
%       predictors   - predictor names of the model; columns - column names of the request
%       modelClass   - class of the model; hasPredict - whether it has a method predict
%       loadError    - why the model cannot be loaded; '' if it can
%   All but release are set only if the handler failed. Path and variables are restored at the end.
%   See also sagemaker_training.main, sagemaker.internal.askHandler.
    sagemaker.internal.writeText(fullfile(base, 'output', 'started'), '');
    plan = jsondecode(fileread(fullfile(base, 'rehearsal.json')));
    result = struct('release', version('-release'));
    code = 0;
    wasLoaded = isLoaded(plan.handler);
    restore = sagemaker.internal.setVariables({'SAGEMAKER_BASE_DIR', 'MATLAB_SAGEMAKER_CODE'}, ...
                                              {base, plan.code});
    if plan.trains && strcmp(plan.engine, sagemaker.internal.engine())
        code = refuseSyntax(base, plan);
    end
    if code == 0 && plan.trains
        code = train(plan);
    end
    if code == 0 && ~isempty(plan.handler) && isStale(plan, wasLoaded)
        code = answerElsewhere(base, plan);
        return
    end
    if code == 0 && ~isempty(plan.handler)
        [code, result] = answer(base, plan);
    end
    sagemaker.internal.writeText(fullfile(base, 'output', 'result.json'), jsonencode(result));
end

function code = refuseSyntax(base, plan)
    % 1 if the file of the handler cannot be parsed; this is reported as a failure of the handler.
    code = 0;
    before = putOnPath(plan.handlerPath);
    restore = onCleanup(@() path(before));
    [file, name] = handlerFile(plan);
    if isfile(file)
        message = sagemaker.internal.syntaxError(file);
        code = double(~isempty(message));
    end
    if code ~= 0
        failure = report(message, name);
        fprintf(2, '%s\n', failure);
        sagemaker.internal.writeText(fullfile(base, 'output', 'handler-failure'), failure);
    end
end

function [file, name] = handlerFile(plan)
    % The file of the project's handler and its name in the folder; '' if it is not the project's.
    file = '';
    name = [regexprep(plan.handler, '([^.]+)[.]', '+$1/'), '.m'];
    folders = texts(plan.handlerPath);
    if ~isempty(plan.handler) && ~isempty(folders)
        file = fullfile(folders{1}, name);
    end
end

function loaded = isLoaded(name)
    % Whether this session is an Octave that has read the class already.
    loaded = false;
    if exist('__dump_symtab_info__') ~= 0  % Octave's; not a valid name in MATLAB, hence feval
        known = feval('__dump_symtab_info__');
        known = known.function_info;
        loaded = isfield(known, name) && ~isempty(known.(name).class_constructors);
    end
end

function stale = isStale(plan, wasLoaded)
    % Whether this Octave may have the handler's class, or another one of its folders, as it was
    % earlier: it reads a class only once. WASLOADED: it had read it before this rehearsal.
    persistent known
    if isempty(known)
        known = struct();
    end
    stale = false;
    if strcmp(sagemaker.internal.engine(), 'octave') && isfile(handlerFile(plan))
        key = strrep(plan.handler, '.', '__');
        folders = texts(plan.handlerPath);
        text = strjoin(cellfun(@(folder) classesIn(folder), folders(:)', 'UniformOutput', false));
        if isfield(known, key)
            stale = ~strcmp(known.(key), text);
        else
            stale = wasLoaded;
        end
        if ~stale
            known.(key) = text;
        end
    end
end

function text = classesIn(folder)
    % The text of all classes in a folder of the path, with those in its packages.
    text = '';
    inside = dir(folder);
    for k = 1:numel(inside)
        file = fullfile(folder, inside(k).name);
        if inside(k).isdir && any(inside(k).name(1) == '+@')
            text = [text, classesIn(file)];
        elseif ~inside(k).isdir && ~isempty(regexp(file, '\.m$', 'once'))
            code = fileread(file);
            ascii = code;
            ascii(ascii > 127) = 'x';  % regexp takes UTF-8 only
            isClass = ~isempty(regexp(ascii, '^\s*classdef\>', 'once', 'lineanchors'));
            text = [text, code(1:end * isClass)];
        end
    end
end

function code = answerElsewhere(base, plan)
    % Answer in a new Octave, with the path of this one.
    fprintf(['%s, or another class in its folders, may have changed since this Octave session ' ...
             'read it, so the handler runs in a new one, where your breakpoints have no ' ...
             'effect.\n'], plan.handler);
    plan.trains = false;
    sagemaker.internal.writeText(fullfile(base, 'rehearsal.json'), jsonencode(plan));
    quoted = @(text) ['''' strrep(text, '''', '''''') ''''];
    line = sprintf(['warning(''off'', ''Octave:shadowed-function''); path(%s); ' ...
                    'exit(sagemaker.internal.rehearse(%s))'], quoted(path()), quoted(base));
    program = fullfile(feval('__octave_config_info__', 'bindir'), 'octave-cli');
    code = sagemaker.internal.shell(sagemaker.internal.commandLine( ...
        {program, '--norc', '--no-history', '--quiet', '--eval', line}));
    if ~any(code == [0, 1])
        error('sagemaker:rehearse:octave', ...
              ['The new Octave (%s) ended with exit code %d. The lines above say why; if there ' ...
               'are none, look for a call of exit in %s. Or restart Octave and call ' ...
               'sagemaker.rehearse again.'], program, code, plan.handler);
    end
end

function text = report(message, name)
    % In the form of sagemaker_training.failureReport.
    line = regexp(message, '(?:Line: |near line )(\d+)', 'tokens', 'once');
    text = ['sagemaker:rehearse:syntax: ', strtrim(regexprep(message, '\s+', ' '))];
    if ~isempty(line)
        text = sprintf('%s\nIn handler (%s, line %s)', text, name, line{1});
    end
end

function code = train(plan)
    before = putOnPath(plan.codePath);
    restore = onCleanup(@() path(before));
    unset = sagemaker.internal.setVariables(texts(plan.names), texts(plan.values));
    code = sagemaker_training.main();
end

function [code, report] = answer(base, plan)
    before = putOnPath(plan.handlerPath);
    restore = onCleanup(@() path(before));
    folder = cd(base);  % the image does not have what is in the caller's folder
    goBack = onCleanup(@() cd(folder));
    folders = cellstr(plan.handlerPath);
    plan.folder = folders{1};
    [bytes, report] = sagemaker.internal.askHandler(base, plan);
    code = double(~isempty(report.failure));
    if code == 0
        sagemaker.internal.writeText(fullfile(base, 'output', 'answer'), bytes);
    else
        file = fullfile(base, 'output', 'handler-failure');
        sagemaker.internal.writeText(file, report.failure);
    end
end

function before = putOnPath(folders)
    before = path();
    folders = texts(folders);
    if ~isempty(folders)
        addpath(folders{:});
    end
end

function list = texts(value)
    % An array of text, as jsondecode returns it, as a cell.
    list = {};
    if ~isempty(value)
        list = cellstr(value);
    end
end
