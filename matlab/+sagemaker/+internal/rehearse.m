function code = rehearse(base)
%REHEARSE  Train as a job would, and answer a request as the endpoint would, in this session.
%   CODE = sagemaker.internal.rehearse(BASE) works in BASE, a folder laid out like /opt/ml.
%   BASE/rehearsal.json says what is asked for:
%       trains       - whether sagemaker_training.main runs, with the variables names and values
%       code         - the folder with its code; codePath - what is on the path while it runs
%       engine       - the project's, octave or matlab: where this is that one, a handler's file
%                      that it cannot parse is told before anything is trained
%       handler      - the handler's class, '' for none
%       handlerPath  - folders that are on the path while it answers; its code is in the first
%       request      - file with the request's body, '' for none; contentType, accept
%   BASE/output then holds what is known: the file failure of a training that failed,
%   handler-failure of the same form, the endpoint's answer, and result.json:
%       release      - of MATLAB (2026a), '' where the engine has none
%       predictors   - of the model, columns - the names of the request's columns
%       modelClass   - the class of the model; hasPredict - whether predict takes it
%       loadError    - why the model cannot be loaded, '' where it can
%   of which all but the first are known only where the handler failed.
%   CODE is 0, or 1 where training or handler failed. Path and variables are as before when it ends.
%   See also sagemaker_training.main, sagemaker.internal.askHandler.
    plan = jsondecode(fileread(fullfile(base, 'rehearsal.json')));
    result = struct('release', version('-release'));
    code = 0;
    restore = sagemaker.internal.setVariables({'SAGEMAKER_BASE_DIR', 'MATLAB_SAGEMAKER_CODE'}, ...
                                              {base, plan.code});
    if plan.trains && strcmp(plan.engine, sagemaker.internal.engine())
        code = refuseSyntax(base, plan);
    end
    if code == 0 && plan.trains
        code = train(plan);
    end
    if code == 0 && ~isempty(plan.handler)
        [code, result] = answer(base, plan);
    end
    sagemaker.internal.writeText(fullfile(base, 'output', 'result.json'), jsonencode(result));
end

function code = refuseSyntax(base, plan)
    % 1 where the handler's file cannot be parsed; it is reported as the handler's failure.
    code = 0;
    before = putOnPath(plan.handlerPath);
    restore = onCleanup(@() path(before));
    folders = texts(plan.handlerPath);
    if isempty(plan.handler) || isempty(folders)
        return
    end
    name = [regexprep(plan.handler, '([^.]+)[.]', '+$1/'), '.m'];
    file = fullfile(folders{1}, name);
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
    % What jsondecode makes of an array of texts, as a cell.
    list = {};
    if ~isempty(value)
        list = cellstr(value);
    end
end
