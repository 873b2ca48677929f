function result = microservice(handler, codeFolder, outputFolder, varargin)
%MICROSERVICE  Compile an inference handler into a microservice image of MATLAB Compiler SDK.
%   RESULT = sagemaker.internal.build.microservice(HANDLER, CODEFOLDER, OUTPUTFOLDER) compiles the
%   class HANDLER of CODEFOLDER, and the router that answers SageMaker's GET /ping and POST
%   /invocations with it. All that is made goes below OUTPUTFOLDER. Options:
%   ImageName          - name of the image, with or without a tag. Default 'matlab-microservice'.
%   ExecuteDockerBuild - 'on' builds the image with Docker, 'off' writes its context. Default 'on'.
%   RESULT has ImageName, Archive (the .ctf) and DockerContext (a folder), and is also written as
%   JSON to OUTPUTFOLDER/microservice.json.
%   Raises sagemaker:build:input for arguments that make no sense, sagemaker:build:compiler where
%   MATLAB Compiler SDK is missing, sagemaker:build:result when it made no archive; what the
%   compiler itself raises goes on to the caller.
%   Source: https://www.mathworks.com/help/compiler_sdk/mps_dev_test/create-a-microservice-docker-image.html
    options = parsed(varargin);
    sagemaker.internal.build.checkHandler(handler, codeFolder);
    if ~exist(outputFolder, 'dir')
        mkdir(outputFolder);
    end
    kit = sagemaker.internal.build.kitFolder();
    kept = path();
    restore = onCleanup(@() path(kept));
    addpath(codeFolder, kit);
    entry = sagemaker.internal.build.writeEntry(outputFolder, handler);
    routes = sagemaker.internal.build.writeRoutes(outputFolder);
    additional = {codeFolder, fullfile(kit, '+sagemaker_inference')};
    built = sagemaker.internal.build.archive(entry, additional, outputFolder);
    context = fullfile(outputFolder, 'docker');
    sagemaker.internal.build.image(built, routes, context, options);
    name = sagemaker.internal.build.archiveName();
    result = struct('ImageName', options.ImageName, ...
                    'Archive', fullfile(outputFolder, [name '.ctf']), ...
                    'DockerContext', context);
    checkMade(result.Archive);
    sagemaker.internal.build.writeText(fullfile(outputFolder, 'microservice.json'), ...
                                       jsonencode(result));
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

function checkMade(archive)
    if exist(archive, 'file') ~= 2
        error('sagemaker:build:result', ...
              'The compiler made no %s. Its log is above; correct what it names.', archive);
    end
end
