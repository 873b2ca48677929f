classdef MATLABPredictor < handle
%MATLABPREDICTOR  An endpoint that answers requests.
%   P = sagemaker.MATLABPredictor(ENDPOINTNAME, SESSION) is an endpoint that is there; deploy of an
%   estimator or a model returns one. The option
%       'Project' - project that the endpoint belongs to. Default: the endpoint's name.
%
%   EndpointName   - the endpoint's name.
%   predict        - the endpoint's answer to a table, a matrix or a struct.
%   deleteModel    - have the model deleted with the endpoint.
%   deleteEndpoint - delete the endpoint, and what was made for it.
%
%   Example:
%       predictor = sagemaker.MATLABPredictor('flowers', sagemaker.Session());
%       answer = predictor.predict(struct('sepal_length', 5.1, 'sepal_width', 3.5, ...
%                                         'petal_length', 1.4, 'petal_width', 0.2));
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
        function obj = MATLABPredictor(endpointName, session, varargin)
            sagemaker.internal.requireArguments(nargin, 'MATLABPredictor(endpointName, session)');
            sagemaker.internal.requireSession(session);
            settings = sagemaker.internal.options(struct('Project', ''), varargin, ...
                                                  'MATLABPredictor');
            obj.EndpointName = sagemaker.internal.requireText( ...
                'endpointName', endpointName, '^[a-zA-Z0-9](-*[a-zA-Z0-9])*$', ...
                'the endpoint''s name: letters, digits and inner hyphens');
            obj.Session = session;
            obj.Project = settings.Project;
            if isempty(obj.Project)
                obj.Project = sagemaker.internal.projectName(obj.EndpointName);
            end
        end

        function answer = predict(obj, data)
        %PREDICT  The endpoint's answer, a table.
        %   ANSWER = predict(PREDICTOR, DATA) sends a table, or a struct whose fields are columns,
        %   as CSV with a header line, and a matrix, one row an observation, without one: its
        %   columns are then the model's predictors in their order. Raises
        %   sagemaker:predict:refusedRequest with what the handler says of a request that it
        %   does not accept.
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
        %DELETEENDPOINT  Delete the endpoint, its configurations, and the models made for it.
        %   deleteEndpoint(PREDICTOR) and deleteEndpoint(PREDICTOR, true) delete all three. To keep
        %   a configuration is refused: the kit finds what it has made by the endpoint.
            if nargin > 1 && ~deleteConfig
                error('sagemaker:delete:config', ...
                      ['The configuration cannot be kept: the kit deletes with an endpoint ' ...
                       'what it has made for it. Call deleteEndpoint().']);
            end
            [folder, tidy] = obj.project();
            obj.run('delete', {'--endpoint-name', obj.EndpointName}, folder);
            obj.IsDeleted = true;
        end

        function deleteModel(obj)
        %DELETEMODEL  Have the model deleted with the endpoint: deleteEndpoint does both.
        %   An endpoint needs its model as long as it serves, so nothing is deleted before.
            if obj.IsDeleted
                fprintf('The model of %s was deleted with the endpoint.\n', obj.EndpointName);
            else
                fprintf(['deleteEndpoint deletes the model of %s with the endpoint; nothing is ' ...
                         'deleted before.\n'], obj.EndpointName);
            end
        end
    end

    methods (Access = private)
        function [folder, tidy] = project(obj)
            % A folder whose sagemaker.yml is about this endpoint. No verb reads the model it names.
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
