function result = microservice(handler, codeFolder, outputFolder, varargin)
%MICROSERVICE  Compile an inference handler into a microservice image of MATLAB Compiler SDK.
%   RESULT = sagemaker.internal.build.microservice(HANDLER, CODEFOLDER, OUTPUTFOLDER) compiles the
%   class HANDLER of CODEFOLDER, which is on the path as genpath gives it, and the router that
%   answers SageMaker's GET /ping and POST /invocations with it. All that is made goes below
%   OUTPUTFOLDER. Options:
%   ImageName          - name of the image, with or without a tag. Default 'matlab-microservice'.
%   ExecuteDockerBuild - 'on' builds the image with Docker, 'off' writes its context. Default 'on'.
%   RESULT has ImageName, Archive (the .ctf) and DockerContext (a folder), and is also written as
%   JSON to OUTPUTFOLDER/microservice.json.
%   Raises sagemaker:build:input for arguments that make no sense, sagemaker:build:compiler where
%   MATLAB Compiler SDK is missing, sagemaker:build:result when it made no archive; what the
%   compiler itself raises goes on to the caller.
%   Source: https://www.mathworks.com/help/compiler_sdk/mps_dev_test/create-a-microservice-docker-image.html
    options = parsed(varargin);
    options.ArchiveName = 'sagemaker_handler';  % the component that the routes name
    options.EntryName = 'answerSageMaker';  % the function that answers every route
    checkHandler(handler, codeFolder);
    if ~exist(outputFolder, 'dir')
        mkdir(outputFolder);
    end
    kit = kitFolder();
    kept = path();
    restore = onCleanup(@() path(kept));
    addpath(genpath(codeFolder), kit);
    entryFile = writeEntry(outputFolder, handler, options);
    routesFile = writeRoutes(outputFolder, options);
    additional = {codeFolder, fullfile(kit, '+sagemaker_inference')};
    built = compileArchive(entryFile, additional, outputFolder, options);
    context = fullfile(outputFolder, 'docker');
    packageImage(built, routesFile, context, options);
    result = struct('ImageName', options.ImageName, ...
                    'Archive', fullfile(outputFolder, [options.ArchiveName '.ctf']), ...
                    'DockerContext', context);
    checkMade(result.Archive);
    writeText(fullfile(outputFolder, 'microservice.json'), jsonencode(result));
end

function options = parsed(arguments_)
    p = inputParser;
    p.FunctionName = 'sagemaker.internal.build.microservice';
    p.addParameter('ImageName', 'matlab-microservice');
    p.addParameter('ExecuteDockerBuild', 'on');
    p.parse(arguments_{:});
    options = struct('ImageName', char(p.Results.ImageName), ...
                     'ExecuteDockerBuild', char(p.Results.ExecuteDockerBuild));
    if ~any(strcmp(options.ExecuteDockerBuild, {'on', 'off'}))
        error('sagemaker:build:input', 'ExecuteDockerBuild is ''%s''. Give ''on'' or ''off''.', ...
              options.ExecuteDockerBuild);
    end
end

function checkHandler(handler, codeFolder)
    % Is it a class of that folder?
    if isempty(regexp(handler, '^[a-zA-Z]\w*(\.[a-zA-Z]\w*)*$', 'once'))
        error('sagemaker:build:input', ...
              '''%s'' is no name of a class. Name the handler''s class.', handler);
    end
    if ~exist(codeFolder, 'dir')
        error('sagemaker:build:input', 'There is no folder %s. Name the handler''s folder.', ...
              codeFolder);
    end
    parts = strsplit(handler, '.');
    packages = cellfun(@(part) ['+' part], parts(1:end - 1), 'UniformOutput', false);
    file = fullfile(codeFolder, packages{:}, [parts{end} '.m']);
    if exist(file, 'file') ~= 2
        error('sagemaker:build:input', ...
              'There is no %s. Let inference.handler in sagemaker.yml name a class of %s.', ...
              file, codeFolder);
    end
end

function folder = kitFolder()
    % The folder that has the kit's packages.
    folder = mfilename('fullpath');
    for k = 1:4
        folder = fileparts(folder);
    end
end

function file = writeEntry(folder, handler, options)
    % The function that the archive exposes: the router for HANDLER. An archive exposes functions by
    % their plain names, and holds only what is named: the handler's class is made from a text at
    % run time, so a pragma tells the compiler of it.
    lines = { ...
        ['function response = ' options.EntryName '(request)'], ...
        '%#function sagemaker_inference.DefaultInferenceHandler', ...
        ['%#function ' handler], ...
        '    response = sagemaker_inference.DefaultInferenceRouter(request);', ...
        'end', ''};
    file = fullfile(folder, [options.EntryName '.m']);
    writeText(file, strjoin(lines, sprintf('\n')));
end

function file = writeRoutes(folder, options)
    % SageMaker's two paths as a routes file of MATLAB Production Server. It is written as text:
    % no struct has a field named 'function'.
    % Source: https://www.mathworks.com/help/mps/restfuljson/use-web-handler-for-custom-routes-and-custom-payloads.html
    paths = {'^/ping$', '^/invocations$'};
    entry = '{"match": "%s", "webhandler": {"component": "%s", "function": "%s"}}';
    routes = cellfun(@(match) sprintf(entry, match, options.ArchiveName, options.EntryName), ...
                     paths, 'UniformOutput', false);
    file = fullfile(folder, 'routes.json');
    writeText(file, sprintf('{"version": "1.0.0", "pathmap": [%s]}\n', strjoin(routes, ', ')));
end

function writeText(file, text)
    handle = fopen(file, 'w');
    if handle < 0
        error('sagemaker:build:input', '%s cannot be written. Name a folder that can.', file);
    end
    fwrite(handle, unicode2native(text, 'UTF-8'), 'uint8');
    fclose(handle);
end

function built = compileArchive(entryFile, additionalFiles, outputFolder, options)
    % The one call of MATLAB Compiler SDK that makes a Production Server archive.
    % Source: https://www.mathworks.com/help/compiler_sdk/mps_dev_test/compiler.build.productionserverarchive.html
    try
        built = compiler.build.productionServerArchive( ...
            entryFile, ...
            'ArchiveName', options.ArchiveName, ...
            'AdditionalFiles', additionalFiles, ...
            'OutputDir', outputFolder, ...
            'Verbose', 'on');
    catch err
        sagemaker.internal.build.rethrowMissing(err);
    end
end

function packageImage(built, routesFile, contextFolder, options)
    % The one call of MATLAB Compiler SDK that makes a microservice image of an archive.
    % Source: https://www.mathworks.com/help/compiler_sdk/mps_dev_test/compiler.package.microservicedockerimage.html
    try
        compiler.package.microserviceDockerImage( ...
            built, ...
            'ImageName', options.ImageName, ...
            'DockerContext', contextFolder, ...
            'RoutesFile', routesFile, ...
            'ExecuteDockerBuild', options.ExecuteDockerBuild);
    catch err
        sagemaker.internal.build.rethrowMissing(err);
    end
end

function checkMade(archive)
    if exist(archive, 'file') ~= 2
        error('sagemaker:build:result', ...
              'The compiler made no %s. Its log is above; correct what it names.', archive);
    end
end
