function microserviceDockerImage(results, varargin)
%MICROSERVICEDOCKERIMAGE  Stand-in for MATLAB Compiler SDK: writes the same folder for Docker.
    options = struct();
    for k = 1:2:numel(varargin)
        options.(varargin{k}) = varargin{k + 1};
    end
    archives = fullfile(options.DockerContext, 'applicationFilesForMATLABCompiler');
    routes = fullfile(options.DockerContext, 'routesFile');
    mkdir(archives);
    mkdir(routes);
    copyfile(results.Files{1}, archives);
    copyfile(options.RoutesFile, routes);
    hWriteText(fullfile(options.DockerContext, 'Dockerfile'), ...
               sprintf('# %s %s\n', options.ImageName, options.ExecuteDockerBuild));
end
