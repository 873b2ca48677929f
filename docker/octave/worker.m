function worker(replies)
% worker - Answer requests from the server until it closes standard input.
%
%   worker(REPLIES) reads frames from standard input and writes the answers to the file named
%   REPLIES, so that handlers can print to standard output. server/frames.py defines the frames.
%   A request becomes MATLAB Production Server's request struct and is passed to
%   sagemaker_inference.DefaultInferenceRouter. An error there becomes an answer with code 500, and
%   the worker continues.
    [head, body, found] = readFrame();
    while found
        writeResponse(replies, answer(toRequest(head, body)));
        [head, body, found] = readFrame();
    end
end

function [head, body, found] = readFrame()
    head = struct();
    body = zeros(1, 0, 'uint8');
    [lengths, count] = fread(stdin, [1, 16], 'uint8=>char');
    found = count == 16;
    if found
        head = jsondecode(fread(stdin, [1, hex2dec(lengths(1:8))], 'uint8=>char'));
        bytes = hex2dec(lengths(9:16));
        if bytes > 0
            body = fread(stdin, [1, bytes], 'uint8=>uint8');
        end
    end
end

function request = toRequest(head, body)
    headers = cell(0, 2);
    if ~isempty(head.names)
        headers = [head.names(:), head.values(:)];
    end
    request = struct('ApiVersion', [1, 0, 0], 'Path', head.path, 'Method', head.method, ...
        'Headers', {headers}, 'Body', body, 'HttpVersion', [1, 1]);
end

function response = answer(request)
    try
        response = sagemaker_inference.DefaultInferenceRouter(request);
    catch err
        fprintf(2, '%s: %s\n', err.identifier, err.message);
        response = struct('HttpCode', 500, 'Headers', {{'Content-Type', 'text/plain'}}, ...
            'Body', uint8([err.identifier, ': ', err.message]));
    end
end

function writeResponse(replies, response)
    % Opened again for every answer, in case a handler has called fclose('all').
    [head, body] = encodeResponse(response);
    file = fopen(replies, 'w');
    fprintf(file, '%08x%08x', numel(head), numel(body));
    fwrite(file, head, 'uint8');
    fwrite(file, body, 'uint8');
    fclose(file);
end

function [head, body] = encodeResponse(response)
    % Every field of a response struct may be missing.
    headers = fieldOr(response, 'Headers', cell(0, 2));
    body = uint8(fieldOr(response, 'Body', ''));
    names = headers(:, 1)';
    values = cellfun(@textOf, headers(:, 2)', 'UniformOutput', false);
    head = jsonencode(struct('code', double(fieldOr(response, 'HttpCode', 200)), ...
        'names', {names}, 'values', {values}));
end

function value = fieldOr(s, name, default)
    if isfield(s, name)
        value = s.(name);
    else
        value = default;
    end
end

function text = textOf(value)
    text = value;
    if ~ischar(value)
        text = num2str(value);
    end
end
