classdef Session < handle
%SESSION  An AWS account and Region, and the kit that runs there: what all other classes work with.
%   S = sagemaker.Session() takes the account of the AWS configuration, as the aws CLI does.
%   S = sagemaker.Session(NAME, VALUE, ...) with the options
%       'Profile' - profile of the AWS configuration. Default: its default one.
%       'Region'  - AWS Region, such as eu-west-1. Default: the profile's.
%       'Bucket'  - bucket for code, data and models.
%                   Default: matlab-sagemaker-<account>-<region>, made when it is missing.
%       'Project' - project that uploads belong to; the roles of the kit's set-up read only what
%                   belongs to projects whose names begin with its NamePrefix. Default: 'matlab'.
%       'Runner'  - function handle that runs a verb of the kit: [code, json] = runner(verb,
%                   options, folder). Default: @sagemaker.internal.runKit, which runs its Python.
%
%   AccountID, BotoRegionName, DefaultBucket - where it works; AWS is asked once.
%   upload   - put a folder, a file or a table into the bucket, once: returns its S3 location.
%   download - get what is at an S3 location.
%
%   Example:
%       session = sagemaker.Session('Profile', 'research', 'Region', 'eu-west-1');
%       location = session.upload('data/training', 'training');
%
%   See also sagemaker.MATLABEstimator.

    properties (SetAccess = private)
        Profile = ''
        Region = ''
        Bucket = ''
        Project = 'matlab'
        Runner = []
    end

    properties (Dependent)
        AccountID
        BotoRegionName
        DefaultBucket
    end

    properties (Access = private)
        Place = []
    end

    methods
        function obj = Session(varargin)
            settings = struct('Profile', '', 'Region', '', 'Bucket', '', 'Project', 'matlab', ...
                              'Runner', []);
            settings = sagemaker.internal.options(settings, varargin, 'Session');
            text = @(varargin) sagemaker.internal.requireText(varargin{:});
            obj.Profile = text('Profile', settings.Profile, '.', 'the name of a profile');
            obj.Region = text('Region', settings.Region, '^[a-z]+(-[a-z]+)+-\d+$', ...
                              'a Region, such as ''eu-west-1''');
            obj.Bucket = text('Bucket', settings.Bucket, '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$', ...
                              'a bucket''s name: 3 to 63 lower-case letters, digits, . and -');
            settings.Project = text('Project', settings.Project, '.', 'the name of a project');
            obj.Project = sagemaker.internal.projectName(settings.Project);
            obj.Runner = settings.Runner;
            if isempty(obj.Runner)
                obj.Runner = @(varargin) sagemaker.internal.runKit(varargin{:});
            end
        end

        function location = upload(obj, data, name)
        %UPLOAD  Put DATA, a folder, a file or a table, into the bucket; it is written once.
        %   LOCATION = upload(SESSION, DATA, NAME) is data/<project>/<NAME>/<key>/ there, as an S3
        %   location. NAME has letters, digits and hyphens. The same content has the same location.
            sagemaker.internal.requireArguments(nargin - 1, 'upload(data, name)');
            data = sagemaker.internal.plain(data);
            name = sagemaker.internal.requireText('name', name, '^[a-zA-Z0-9-]+$', ...
                                                  'a name of letters, digits and hyphens');
            [folder, tidy] = sagemaker.internal.temporaryFolder();
            if isa(data, 'table')
                text = sagemaker_inference.writeTableToString(data);
                data = fullfile(folder, name);
                sagemaker.internal.writeText(fullfile(data, [name '.csv']), text);
            elseif ~ischar(data) || ~(isfile(data) || isfolder(data))
                error('sagemaker:upload:source', ...
                      'There is nothing to upload. Give a folder, a file or a table.');
            end
            outputs = obj.run('transfer', {'upload', data, '--name', name});
            location = outputs.uri;
        end

        function download(obj, uri, folder)
        %DOWNLOAD  Get what is at an S3 location into a folder of this machine.
        %   download(SESSION, URI, FOLDER) gets the object URI, or all below it.
            sagemaker.internal.requireArguments(nargin - 1, 'download(uri, folder)');
            obj.run('transfer', {'download', char(uri), char(folder)});
        end

        function outputs = run(obj, verb, options, project)
        %RUN  The outputs of a verb that needs of a project only its name, as a struct.
        %   OUTPUTS = run(SESSION, VERB, OPTIONS, PROJECT) runs `scripts/run VERB OPTIONS`; without
        %   PROJECT it is the session's. Raises sagemaker:<verb>:<kind>.
            if nargin < 4
                project = obj.Project;
            end
            given = {'--project', project; '--region', obj.Region; '--bucket', obj.Bucket}';
            given(:, cellfun('isempty', given(2, :))) = [];
            options = [reshape(options, 1, []), reshape(given, 1, [])];
            outputs = sagemaker.internal.callVerb(obj, verb, options, pwd());
        end

        function value = get.AccountID(obj)
            place = obj.find();
            value = place.account;
        end

        function value = get.BotoRegionName(obj)
            value = obj.Region;
            if isempty(value)
                place = obj.find();
                value = place.region;
            end
        end

        function value = get.DefaultBucket(obj)
            value = obj.Bucket;
            if isempty(value)
                place = obj.find();
                value = place.bucket;
            end
        end
    end

    methods (Access = private)
        function place = find(obj)
            if isempty(obj.Place)
                obj.Place = obj.run('transfer', {'where'});
            end
            place = obj.Place;
        end
    end
end
