classdef MATLABModel < handle
%MATLABMODEL  A model that exists, and the handler that answers with it.
%   M = sagemaker.MATLABModel(MODELDATA, ROLE, HANDLER, SESSION) is a model to be deployed:
%       MODELDATA - S3 location of a model.tar.gz, such as an estimator's ModelData; or a .mat file
%                   with the variable model (-v7), a folder or a .tar.gz of this machine
%       ROLE      - role that the endpoint runs as, by name or ARN; '' is the kit's
%       HANDLER   - name of a class derived from sagemaker_inference.DefaultInferenceHandler; ''
%                   is that itself
%       SESSION   - a sagemaker.Session
%   M = sagemaker.MATLABModel(..., NAME, VALUE, ...) with the options
%       'Name'              - project that it belongs to. Default: that which has trained it, else
%                             the handler's name.
%       'EndpointName'      - name of the endpoint. Default: Name.
%       'Subnets', 'SecurityGroupsIds', 'Tags' - as in sagemaker.MATLABEstimator.
%
%   deploy - serve it from an endpoint: returns a sagemaker.MATLABPredictor.
%
%   Example:
%       model = sagemaker.MATLABModel('models/pump.mat', '', 'PumpHandler', sagemaker.Session());
%       predictor = model.deploy(1, 'ml.m5.large');
%
%   See also sagemaker.MATLABEstimator, sagemaker.MATLABPredictor.

    properties (SetAccess = private)
        ModelData
        Role
        Handler
        Name
        EndpointName
    end

    properties (Access = private)
        Session
        Settings
    end

    methods
        function obj = MATLABModel(modelData, role, handler, session, varargin)
            sagemaker.internal.requireArguments( ...
                nargin, 'MATLABModel(modelData, role, handler, session)');
            sagemaker.internal.requireSession(session);
            settings = struct('Name', '', 'EndpointName', '', 'Subnets', {{}}, ...
                              'SecurityGroupsIds', {{}}, 'Tags', {{}});
            settings = sagemaker.internal.options(settings, varargin, 'MATLABModel');
            obj.ModelData = regexprep(textOf('modelData', modelData), '(?<=.)[/\\]+$', '');
            obj.Role = textOf('role', role);
            obj.Handler = sagemaker.internal.handlerName(handler);
            obj.Session = session;
            sagemaker.internal.texts(settings.Subnets, 'Subnets');
            sagemaker.internal.texts(settings.SecurityGroupsIds, 'SecurityGroupsIds');
            sagemaker.internal.pairsOf(settings.Tags, 'Tags');
            obj.Settings = settings;
            obj.Name = settings.Name;
            if isempty(obj.Name)
                obj.Name = nameOf(obj.ModelData, obj.Handler);
            end
            obj.Name = sagemaker.internal.projectName(obj.Name);
            obj.EndpointName = settings.EndpointName;
            if isempty(obj.EndpointName)
                obj.EndpointName = obj.Name;
            end
        end

        function predictor = deploy(obj, varargin)
        %DEPLOY  Compile the handler, where that is not done, and serve the model.
        %   PREDICTOR = deploy(MODEL, INSTANCECOUNT, INSTANCETYPE) waits until the endpoint serves
        %   it on INSTANCECOUNT (default 1) instances of INSTANCETYPE (default 'ml.m5.large').
            [folder, tidy] = sagemaker.internal.temporaryFolder();
            about = sagemaker.internal.projectOf(obj.Name, obj.Session);
            about.model = placed(obj.ModelData, obj.Name, obj.Session, folder);
            about.subnets = sagemaker.internal.texts(obj.Settings.Subnets, 'Subnets');
            about.securityGroups = ...
                sagemaker.internal.texts(obj.Settings.SecurityGroupsIds, 'SecurityGroupsIds');
            about.tags = sagemaker.internal.pairsOf(obj.Settings.Tags, 'Tags');
            about = sagemaker.internal.served(about, obj.Role, obj.EndpointName, varargin);
            about = sagemaker.internal.packageHandler(about, obj.Handler, folder, false);
            predictor = sagemaker.internal.deployProject(obj.Session, about, folder);
        end
    end
end

function text = textOf(name, value)
    text = sagemaker.internal.requireText(name, value, '.', 'a text');
end

function name = nameOf(modelData, handler)
    % The project that has sealed the model, else the handler's class.
    parts = regexp(modelData, '^s3://[^/]+/(?:sealed|models)/([^/]+)/', 'tokens', 'once');
    if ~isempty(parts)
        name = parts{1};
    elseif ~isempty(handler)
        name = regexprep(handler, '^.*\.', '');
    else
        [folder, name] = fileparts(regexprep(modelData, '\.tar\.gz$', ''));
    end
end

function source = placed(modelData, name, session, folder)
    % As sagemaker.yml names it: an S3 location as it is, a file or folder as a copy in FOLDER. What
    % a job of a project other than NAME has sealed is fetched: deploy takes only its own project's.
    source = modelData;
    parts = regexp(modelData, '^[sS]3://([^/]+)/sealed/([^/]+)/', 'tokens', 'once');
    isForeign = ~isempty(parts) && ~strcmp(parts{2}, name);
    if isForeign && strcmp(parts{1}, session.DefaultBucket)
        session.download(modelData, folder);
        source = regexprep(modelData, '^.*/', '');
        return
    elseif strncmpi(modelData, 's3://', 5)
        return
    end
    if ~(isfile(modelData) || isfolder(modelData))
        error('sagemaker:deploy:model', ...
              ['There is no model ''%s''. Give an S3 location of a .tar.gz, a .mat file, a ' ...
               'folder or a .tar.gz.'], modelData);
    end
    [above, name, extension] = fileparts(modelData);
    source = [name extension];
    sagemaker.internal.copyWhole(modelData, fullfile(folder, source));
end
