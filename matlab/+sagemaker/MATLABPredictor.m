classdef MATLABPredictor < handle
%MATLABPREDICTOR  Get predictions from an endpoint, and delete it.
%   P = sagemaker.MATLABPredictor(ENDPOINTNAME, SESSION) uses an endpoint that exists. SESSION is
%   sagemaker.Session() by default. The method deploy of an estimator or a model returns a
%   predictor, too. Option:
%       'Project' - project that the endpoint belongs to. Default: the name of the endpoint.
%
%   EndpointName   - name of the endpoint.
%   predict        - send a table, a matrix or a struct, and get a table.
%   deleteEndpoint - delete the endpoint, its configuration and its model.
%   deleteModel    - does nothing itself: deleteEndpoint deletes the model.
%
%   An endpoint is billed until you delete it, even if nobody uses it.
%
%   Example:
%       predictor = sagemaker.MATLABPredictor('flowers', sagemaker.Session());
%       answer = predictor.predict(struct('sepal_length', 5.1, 'sepal_width', 3.5, ...
%                                         'petal_length', 1.4, 'petal_width', 0.2));
%       predictor.deleteEndpoint();
%
%   See also sagemaker.MATLABEstimator, sagemaker.MATLABModel.

    properties (SetAccess = private)
        EndpointName
        Project
    end

    properties (Access = private)
        Session
        IsDeleted = false
    end

    methods
        function obj = MATLABPredictor(endpointName, varargin)
            sagemaker.internal.requireArguments(nargin, 'MATLABPredictor(endpointName)');
            [session, pairs] = sagemaker.internal.sessionOf(varargin);
            settings = sagemaker.internal.options(struct('Project', ''), pairs, 'MATLABPredictor');
            obj.EndpointName = sagemaker.internal.requireText( ...
                'endpointName', endpointName, '^[a-zA-Z0-9](-*[a-zA-Z0-9])*$', ...
                'an endpoint''s name: letters, digits, and hyphens between them');
            obj.Session = session;
            obj.Project = settings.Project;
            if isempty(obj.Project)
                obj.Project = sagemaker.internal.projectName(obj.EndpointName);
            end
        end

        function answer = predict(obj, data)
        %PREDICT  Send data to the endpoint and return its answer as a table.
        %   ANSWER = predict(PREDICTOR, DATA) takes
        %       a table
        %       a struct  - one field for each column, or an array with one element for each row
        %       a matrix  - one row for each observation, with the model's predictors in their order
        %   Raises sagemaker:predict:request if DATA is none of these, and
        %   sagemaker:predict:refusedRequest, with the handler's reason, if the handler does not
        %   accept the request.
            sagemaker.internal.requireArguments(nargin - 1, 'predict(data)');
            [folder, tidy] = obj.project();
            [text, type] = sagemaker.internal.requestText(data);
            sagemaker.internal.writeText(fullfile(folder, 'request.csv'), text);
            options = {'--request', 'request.csv', '--content-type', type, ...
                       '--accept', 'text/csv', '--answer', 'answer.csv'};
            obj.run('predict', options, folder);
            answer = sagemaker_inference.readTableFromString( ...
                sagemaker.internal.readText(fullfile(folder, 'answer.csv')));
        end

        function deleteEndpoint(obj, deleteConfig)
        %DELETEENDPOINT  Delete the endpoint, its configurations, and its models.
        %   deleteEndpoint(PREDICTOR) and deleteEndpoint(PREDICTOR, true) delete all three.
        %   deleteEndpoint(PREDICTOR, false), which would keep the configurations, raises
        %   sagemaker:delete:config.
            if nargin > 1 && ~sagemaker.internal.requireFlag('deleteConfig', deleteConfig)
                error('sagemaker:delete:config', ...
                      ['The configuration cannot be kept: the kit always deletes an endpoint ' ...
                       'together with its configurations and models. Call deleteEndpoint().']);
            end
            [folder, tidy] = obj.project();
            obj.run('delete', {'--endpoint-name', obj.EndpointName}, folder);
            obj.IsDeleted = true;
        end

        function deleteModel(obj)
        %DELETEMODEL  Only shows a message: deleteEndpoint deletes the model, too.
        %   The endpoint needs its model as long as it runs. Scripts of MathWorks' demo call this
        %   method.
            if obj.IsDeleted
                fprintf('The model of %s was deleted with the endpoint.\n', obj.EndpointName);
            else
                fprintf(['The endpoint %s still needs its model, so nothing was deleted. ' ...
                         'deleteEndpoint deletes both.\n'], obj.EndpointName);
            end
        end
    end

    methods (Access = private)
        function [folder, tidy] = project(obj)
            % A folder with a sagemaker.yml for this endpoint. Nothing reads the model it names.
            [folder, tidy] = sagemaker.internal.temporaryFolder();
            about = sagemaker.internal.projectOf(obj.Project, obj.Session);
            about.model = 's3://none/model.tar.gz';
            about.serves = true;
            about.endpoint = obj.EndpointName;
            sagemaker.internal.writeText(fullfile(folder, 'sagemaker.yml'), ...
                                         sagemaker.internal.projectText(about));
        end

        function run(obj, verb, options, folder)
            sagemaker.internal.callVerb(obj.Session, verb, options, folder);
        end
    end
end
