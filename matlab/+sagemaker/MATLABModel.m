classdef MATLABModel < handle
%MATLABMODEL  Deploy a model that you already have.
%   M = sagemaker.MATLABModel(MODELDATA, ROLE) describes the deployment of a model with the default
%   handler, M = sagemaker.MATLABModel(MODELDATA, ROLE, HANDLER, SESSION) with yours:
%       MODELDATA - a .mat file (-v7) with the variable model, a folder or a .tar.gz on this
%                   machine; or the S3 location of a model.tar.gz, such as ModelData of an
%                   estimator
%       ROLE      - name or ARN of the AWS role that the endpoint runs with; '' is the role that
%                   the kit sets up
%       HANDLER   - name of a class derived from sagemaker_inference.DefaultInferenceHandler; '',
%                   the default, is DefaultInferenceHandler itself
%       SESSION   - a sagemaker.Session. Default: sagemaker.Session().
%   M = sagemaker.MATLABModel(..., NAME, VALUE, ...) sets options; HANDLER and SESSION may be
%   left out before them:
%       'Name'              - name of the project. Default: the project that has trained the model
%                             or, if that is not known, the name of your handler or, if it is
%                             one of the kit's, of the file.
%       'EndpointName'      - name of the endpoint. Default: Name.
%       'Subnets', 'SecurityGroupsIds', 'Tags' - as for sagemaker.MATLABEstimator.
%
%   deploy - start an endpoint with the model: returns a sagemaker.MATLABPredictor.
%
%   Raises sagemaker:input:<argument> for an argument that is wrong, such as sagemaker:input:role.
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
        function obj = MATLABModel(modelData, role, varargin)
            sagemaker.internal.requireArguments(nargin, 'MATLABModel(modelData, role)');
            settings = struct('Name', '', 'EndpointName', '', 'Subnets', {{}}, ...
                              'SecurityGroupsIds', {{}}, 'Tags', {{}});
            [handler, given] = handlerOf(varargin, fieldnames(settings));
            [session, pairs] = sagemaker.internal.sessionOf(given);
            settings = sagemaker.internal.options(settings, pairs, 'MATLABModel');
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
        %DEPLOY  Compile the handler if it has changed, and start an endpoint with the model.
        %   PREDICTOR = deploy(MODEL, INSTANCECOUNT, INSTANCETYPE) runs it on INSTANCECOUNT (default
        %   1) instances of INSTANCETYPE (default 'ml.m5.large') and waits until it answers
        %   requests. The endpoint is billed until you delete it. Raises sagemaker:deploy:model if
        %   there is no such file, or if it is of another kind.
            [folder, tidy] = sagemaker.internal.temporaryFolder();
            about = sagemaker.internal.projectOf(obj.Name, obj.Session);
            about.model = placed(obj.ModelData, obj.Name, obj.Session, folder);
            about.subnets = sagemaker.internal.texts(obj.Settings.Subnets, 'Subnets');
            about.securityGroups = ...
                sagemaker.internal.texts(obj.Settings.SecurityGroupsIds, 'SecurityGroupsIds');
            about.tags = sagemaker.internal.pairsOf(obj.Settings.Tags, 'Tags');
            about = sagemaker.internal.served(about, obj.EndpointName, [{obj.Role}, varargin]);
            about = sagemaker.internal.packageHandler(about, obj.Handler, folder, false);
            predictor = sagemaker.internal.deployProject(obj.Session, about, folder);
        end
    end
end

function [handler, others] = handlerOf(given, names)
    % The handler, '' if an option comes in its place, and the arguments after it.
    handler = '';
    others = given;
    isOption = numel(given) > 1 && ~isa(given{2}, 'sagemaker.Session') && ...
        any(strcmpi(given{1}, [names; {'SecurityGroupIds'}]));
    if ~isempty(given) && ~isOption
        handler = given{1};
        others = given(2:end);
    end
end

function text = textOf(name, value)
    text = sagemaker.internal.requireText(name, value, '.', 'a text');
end

function name = nameOf(modelData, handler)
    % The project that has trained the model, else the user's handler, else the file.
    parts = regexp(modelData, '^s3://[^/]+/(?:sealed|models)/([^/]+)/', 'tokens', 'once');
    if ~isempty(parts)
        name = parts{1};
    elseif ~isempty(handler) && ~strncmp(handler, 'sagemaker_inference.', 20)
        name = regexprep(handler, '^.*\.', '');
    else
        [folder, name] = fileparts(regexprep(modelData, '\.tar\.gz$', ''));
    end
end

function source = placed(modelData, name, session, folder)
    % The model as sagemaker.yml names it: an S3 location, or the copy of a file or folder in
    % FOLDER. A model that a job of another project than NAME has sealed is downloaded: deploy
    % serves only what its own project has sealed.
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
              ['There is no file or folder ''%s'', so there is no model to deploy. Give a .mat ' ...
               'file, a folder, a .tar.gz, or the S3 location of a .tar.gz.'], modelData);
    end
    if isfile(modelData) && isempty(regexp(modelData, '\.(mat|tar\.gz)$', 'once'))
        error('sagemaker:deploy:model', ...
              ['The file ''%s'' is no model. Give a .mat file with the variable model, a ' ...
               'folder, a .tar.gz, or the S3 location of a .tar.gz.'], modelData);
    end
    [above, name, extension] = fileparts(modelData);
    source = [name extension];
    sagemaker.internal.copyWhole(modelData, fullfile(folder, source));
end
