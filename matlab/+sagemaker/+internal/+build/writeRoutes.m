function file = writeRoutes(folder)
%WRITEROUTES  SageMaker's two paths as a routes file of MATLAB Production Server, in FOLDER.
%   Written as text: a field named 'function' is no struct's.
%   Source: https://www.mathworks.com/help/mps/restfuljson/use-web-handler-for-custom-routes-and-custom-payloads.html
    paths = {'^/ping$', '^/invocations$'};
    entry = '{"match": "%s", "webhandler": {"component": "%s", "function": "%s"}}';
    component = sagemaker.internal.build.archiveName();
    name = sagemaker.internal.build.entryName();
    routes = cellfun(@(match) sprintf(entry, match, component, name), paths, ...
                     'UniformOutput', false);
    text = sprintf('{"version": "1.0.0", "pathmap": [%s]}\n', strjoin(routes, ', '));
    file = fullfile(folder, 'routes.json');
    sagemaker.internal.build.writeText(file, text);
end
