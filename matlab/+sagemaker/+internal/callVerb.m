function [outputs, failure] = callVerb(session, verb, options, folder)
%CALLVERB  Run a command (verb) of the kit on the project in FOLDER and return its outputs.
%   OUTPUTS = callVerb(SESSION, VERB, OPTIONS, FOLDER) runs it with SESSION.Runner. OPTIONS is a
%   cell of text. OUTPUTS is a struct: the output job-name is the field job_name. Raises
%   sagemaker:<verb>:<kind>, such as sagemaker:deploy:missingStep, with what happened, why, and what
%   to do; <kind> is failed if the command did not say it.
%   [OUTPUTS, FAILURE] = callVerb(...) returns the error as FAILURE, [] if there is none.
    runner = session.Runner;
    restore = sagemaker.internal.useProfile(session.Profile);
    [code, text] = runner(verb, options, folder);
    outputs = decoded(text);
    failure = [];
    if code == 0 && isstruct(outputs)
        return
    end
    failure = failureOf(verb, code, outputs);
    if nargout < 2
        rethrow(failure);
    end
end

function failure = failureOf(verb, code, answer)
    kind = 'failed';
    message = sprintf(['%s failed (exit code %d). The lines above say why; correct that and ' ...
                       'call it again.'], verb, code);
    if isstruct(answer) && isfield(answer, 'error')
        kind = kindOf(answer.error);
        message = sagemaker.internal.deskWords(answer.error.message);
    elseif code == 130
        kind = 'cancelled';
        message = sprintf('%s was cancelled. Call it again to continue.', verb);
    end
    failure = struct('identifier', sprintf('sagemaker:%s:%s', camel(verb), kind), ...
                     'message', message);
end

function answer = decoded(text)
    answer = [];
    try
        answer = jsondecode(text);
    catch
        return  % no JSON: the process was killed, for example
    end
end

function kind = kindOf(about)
    % MissingStepError and 'Missing step' become missingStep.
    kind = 'failed';
    if isfield(about, 'kind')
        kind = about.kind;
    elseif isfield(about, 'title')
        kind = about.title;
    end
    words = regexprep(regexprep(kind, 'Error$', ''), '(?<=[a-z])([A-Z])', '-$1');
    kind = camel(lower(words));
end

function name = camel(words)
    % compile-handler becomes compileHandler.
    parts = strsplit(regexprep(words, '\W+', '-'), '-');
    name = parts{1};
    for k = 2:numel(parts)
        name = [name, upper(parts{k}(1:min(1, end))), parts{k}(2:end)];
    end
end
