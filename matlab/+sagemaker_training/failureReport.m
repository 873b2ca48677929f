function text = failureReport(err, codeFolder, limit)
%FAILUREREPORT  A caught error as the text of SageMaker's failure file.
%   TEXT = sagemaker_training.failureReport(ERR, CODEFOLDER) is
%       <identifier>: <message>
%       In <function> (<file relative to CODEFOLDER>, line <n>)
%       at <function> (<file>, line <n>)
%       ...
%   with the message on one line, and the second line only where the user's code appears in the
%   error; where that is the innermost frame as well, it is not repeated. An error without
%   identifier is reported as sagemaker_training:error.
%   TEXT = sagemaker_training.failureReport(ERR, CODEFOLDER, LIMIT) keeps it within LIMIT bytes of
%   UTF-8: the stack goes first, then the end of the message; the second line stays.
%   Example: the report of an error that was caught.
%       try, trainClassificationTree(env), catch err
%           disp(sagemaker_training.failureReport(err, env.CodeFolder)), end
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-output.html
%   See also sagemaker_training.main.
    if nargin < 3
        limit = Inf;
    end
    identifier = err.identifier;
    if isempty(identifier)
        identifier = 'sagemaker_training:error';
    end
    frames = sagemaker_training.internal.userFrames(err, codeFolder);
    [where, frames] = whereLine(frames);
    head = sprintf('%s: %s', identifier, strtrim(regexprep(err.message, '\s+', ' ')));
    head = limitText(head, limit - numel(where), '...');
    text = [head, where];
    if ~isempty(frames)
        text = [text, sprintf('\n  at %s', frames.Text)];
    end
    text = limitText(text, limit, '');
end

function [line, frames] = whereLine(frames)
    % The innermost frame of the user's code as a line, and the frames that remain.
    line = '';
    if ~isempty(frames)
        at = find([frames.IsUsers], 1);
        if ~isempty(at)
            line = sprintf('\nIn %s', frames(at).Text);
            if at == 1
                frames(1) = [];
            end
        end
    end
end

function text = limitText(text, limit, ending)
    % TEXT within LIMIT bytes of UTF-8, cut between characters; ENDING marks a cut.
    bytes = sagemaker_training.internal.toUtf8(text);
    if numel(bytes) <= limit
        return
    end
    kept = max(floor(limit) - numel(ending), 0);
    while kept > 0 && bitand(bytes(kept + 1), 192) == 128
        kept = kept - 1;
    end
    text = [native2unicode(bytes(1:kept), 'UTF-8'), ending];
end
