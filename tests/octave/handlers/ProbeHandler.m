classdef ProbeHandler < sagemaker_inference.DefaultInferenceHandler
%PROBEHANDLER  Does to its worker what the request's header X-Probe asks for.
    methods
        function model = load_model(obj, modelFolder)
            model = struct();
        end

        function response = invocations(obj, request)
            fprintf('probe on stdout\n');
            [act, value] = strtok(header(request, 'X-Probe'), ' ');
            body = request.Body;
            switch act
                case 'exit'
                    exit(7);
                case 'kill'
                    kill(getpid(), 9);
                    pause(60);
                case 'hang'
                    while true
                        pause(0.05);
                    end
                case 'child'
                    system('sleep 300 & echo $!');
                    system('sleep 300');
                case 'sleep'
                    pause(str2double(value));
                case 'close'
                    fclose('all');
                case 'throw'
                    error('kit:test:broken', 'Out of tea.');
                case 'code'
                    response = struct('HttpCode', str2double(value));
                    return
                case 'split'
                    response = struct('Headers', {{'X-Split', sprintf('a\r\nSet-Cookie: b')}});
                    return
                case 'garbage'
                    system(sprintf('echo "This is no frame." > %s', repliesOf(getpid())));
                case 'pid'
                    body = sprintf('%d', getpid());
                case 'describe'
                    body = describe(request);
            end
            attributes = header(request, 'X-Amzn-SageMaker-Custom-Attributes');
            response = struct('HttpCode', 200, 'Body', uint8(body), 'Headers', ...
                {{'Content-Type', header(request, 'Content-Type'); 'X-Number', 12.5; ...
                  'X-Amzn-SageMaker-Custom-Attributes', attributes}});
        end
    end
end

function value = header(request, name)
    value = '';
    at = find(strcmpi(request.Headers(:, 1), name), 1);
    if ~isempty(at)
        value = request.Headers{at, 2};
    end
end

function file = repliesOf(pid)
% The pipe of the answers: the one open descriptor above the three that every process has.
    links = glob(sprintf('/proc/%d/fd/*', pid));
    file = '';
    for k = 1:numel(links)
        [~, number] = fileparts(links{k});
        if str2double(number) > 2 && strncmp(readlink(links{k}), 'pipe:', 5)
            file = links{k};
        end
    end
end

function text = describe(request)
% The class and the size of every field, as Production Server's documentation gives them.
    text = '';
    names = sort(fieldnames(request));
    for k = 1:numel(names)
        value = request.(names{k});
        text = [text, sprintf('%s %s %dx%d\n', names{k}, class(value), size(value, 1), size(value, 2))];
    end
end
