function microserviceDockerImage(results, varargin)
%MICROSERVICEDOCKERIMAGE  Stands in for MATLAB Compiler SDK: writes a context and builds its image.
%   STANDIN names the folder of the stand-ins, STANDIN_WORKER docker/octave/worker.m, and
%   STANDIN_BASE_IMAGE the image that has Octave in place of the MATLAB Runtime.
    options = struct();
    for k = 1:2:numel(varargin)
        options.(varargin{k}) = varargin{k + 1};
    end
    context = options.DockerContext;
    archives = fullfile(context, 'applicationFilesForMATLABCompiler');
    routes = fullfile(context, 'routesFile');
    mkdir(archives);
    mkdir(routes);
    copyfile(results.Files{1}, archives);
    copyfile(options.RoutesFile, routes);
    standin = getenv('STANDIN');
    copyfile(fullfile(standin, 'Dockerfile.microservice'), fullfile(context, 'Dockerfile'));
    copyfile(fullfile(standin, 'bin', 'muserve'), context);
    copyfile(getenv('STANDIN_WORKER'), context);
    if strcmp(options.ExecuteDockerBuild, 'on')
        build(context, options.ImageName);
    end
end

function build(context, name)
    base = getenv('STANDIN_BASE_IMAGE');
    command = sprintf(['docker buildx build --load --provenance=false --build-arg BASE_IMAGE=%s ' ...
                       '--tag ''%s'' ''%s'''], base, name, context);
    status = system(command);
    if status ~= 0
        error('standin:docker', 'exit code %d: %s', status, command);
    end
end
