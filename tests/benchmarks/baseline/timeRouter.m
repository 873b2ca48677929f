function timeRouter(rounds)
% timeRouter - Print the median time, in ms, of one-row predictions without a server.
    row = sprintf('sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n');
    request = struct('ApiVersion', [1, 0, 0], 'Path', '/invocations', 'Method', 'POST', ...
        'Headers', {{'Content-Type', 'text/csv'}}, 'Body', uint8(row), 'HttpVersion', [1, 1]);
    warmUp = 50;
    times = zeros(1, warmUp + rounds);
    for k = 1:numel(times)
        started = tic();
        response = sagemaker_inference.DefaultInferenceRouter(request);
        times(k) = toc(started);
        assert(isequal(char(response.Body), sprintf('species\nsetosa\n')));
    end
    fprintf('%.4f\n', 1000 * median(times(warmUp + 1:end)));
end
