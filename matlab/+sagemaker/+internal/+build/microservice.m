function result = microservice(handler, codeFolder, outputFolder, varargin)
%MICROSERVICE  Compile an inference handler into a microservice image with MATLAB Compiler SDK.
%   RESULT = sagemaker.internal.build.microservice(HANDLER, CODEFOLDER, OUTPUTFOLDER) compiles the
%   class HANDLER in CODEFOLDER, and the router that calls it for SageMaker's requests GET /ping and
%   POST /invocations. CODEFOLDER and the folders in it are added to the path. All output goes to
%   OUTPUTFOLDER. Options:
%       'ImageName'          - image name, with or without a tag. Default 'matlab-microservice'.
%       'ExecuteDockerBuild' - 'on' builds the image with Docker; 'off' only writes the folder from
%                              which Docker can build it. Default 'on'.
%   RESULT is a struct with ImageName, Archive (the .ctf file) and DockerContext (a folder). It is
%   also written as JSON to OUTPUTFOLDER/microservice.json.
%   Raises sagemaker:build:input for wrong arguments, sagemaker:build:compiler if MATLAB Compiler
%   SDK is missing, sagemaker:build:result if the compiler made no archive. Errors of the compiler
%   itself are not changed.
%   Source: https://www.mathworks.com/help/compiler_sdk/mps_dev_test/create-a-microservice-docker-image.html
    options = parsed(varargin);
    options.ArchiveName = 'sagemaker_handler';  % the component in the routes file
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
    % HANDLER must be the name of a class in CODEFOLDER.
    if isempty(regexp(handler, '^[a-zA-Z]\w*(\.[a-zA-Z]\w*)*$', 'once'))
        error('sagemaker:build:input', ...
              '''%s'' is not the name of a class. Give the class of the handler.', handler);
    end
    if ~exist(codeFolder, 'dir')
        error('sagemaker:build:input', 'There is no folder %s. Give the folder of the handler.', ...
              codeFolder);
    end
    parts = strsplit(handler, '.');
    packages = cellfun(@(part) ['+' part], parts(1:end - 1), 'UniformOutput', false);
    file = fullfile(codeFolder, packages{:}, [parts{end} '.m']);
    if exist(file, 'file') ~= 2
        error('sagemaker:build:input', ...
              'There is no file %s. In sagemaker.yml, set inference.handler to a class in %s.', ...
              file, codeFolder);
    end
end

function folder = kitFolder()
    % The folder with the kit's MATLAB packages.
    folder = mfilename('fullpath');
    for k = 1:4
        folder = fileparts(folder);
    end
end

function file = writeEntry(folder, handler, options)
    % Write the function that the archive exposes: it calls the router. The handler is created from
    % its class name at run time, which the compiler cannot see, so a pragma names the class.
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
    % Write a routes file of MATLAB Production Server for SageMaker's two paths. It is written as
    % text because a struct cannot have a field named function.
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
        error('sagemaker:build:input', ...
              'Cannot write %s. Give a folder that you may write to.', file);
    end
    fwrite(handle, unicode2native(text, 'UTF-8'), 'uint8');
    fclose(handle);
end

function built = compileArchive(entryFile, additionalFiles, outputFolder, options)
    % The only call of MATLAB Compiler SDK that makes a Production Server archive.
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
    % The only call of MATLAB Compiler SDK that makes a microservice image from an archive.
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
              'The compiler made no %s. Its log is above: correct the errors there.', archive);
    end
end
