function text = failureReport(err, codeFolder, limit)
%FAILUREREPORT  A caught error as text for SageMaker's failure file.
%   TEXT = sagemaker_training.failureReport(ERR, CODEFOLDER) is
%       <identifier>: <message>
%       In <function> (<file relative to CODEFOLDER>, line <n>)
%       at <function> (<file>, line <n>)
%       ...
%   The message is on one line. The second line is the innermost line of the user's code; it is left
%   out if there is none, and is not repeated in the stack below if it is the innermost line of all.
%   An error without an identifier gets sagemaker_training:error.
%   TEXT = sagemaker_training.failureReport(ERR, CODEFOLDER, LIMIT) is at most LIMIT bytes of UTF-8
%   long. The stack is cut first, then the end of the message; the second line stays. Default: no
%   limit.
%
%   Example: show the report of a caught error.
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
    % The innermost frame of the user's code as a line, and the other frames.
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
    % TEXT, cut to LIMIT bytes of UTF-8 between two characters; ENDING is added if it was cut.
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
