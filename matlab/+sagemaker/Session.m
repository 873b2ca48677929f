classdef Session < handle
%SESSION  AWS account and Region that the other classes work in.
%   S = sagemaker.Session() uses the AWS configuration of this machine, as the AWS CLI does.
%   S = sagemaker.Session(NAME, VALUE, ...) sets options:
%       'Profile' - profile of the AWS configuration. Default: its default profile.
%       'Region'  - AWS Region, such as 'eu-west-1'. Default: the Region of the profile.
%       'Bucket'  - S3 bucket for code, data and models. Default:
%                   matlab-sagemaker-<account>-<region>, which is created if it does not exist.
%       'Project' - project that uploads belong to. Default 'matlab'. If your account limits roles
%                   to a name prefix (NamePrefix in the kit's setup), start the name with it.
%       'Runner'  - for tests: function that runs a command of the kit,
%                   [code, json] = runner(verb, options, folder). Default:
%                   @sagemaker.internal.runKit, which runs the kit's Python.
%
%   AccountID, BotoRegionName, DefaultBucket - account number, Region and bucket in use. AWS is
%              asked once.
%   upload   - copy a folder, a file or a table to the bucket: returns its S3 location.
%   download - copy an S3 location to a folder on this machine.
%   run      - run a command of the kit; for the other classes.
%
%   Errors have the identifier sagemaker:<command>:<reason>, such as sagemaker:transfer:aws; a
%   wrong argument is sagemaker:input:<argument>.
%
%   Example:
%       session = sagemaker.Session('Profile', 'research', 'Region', 'eu-west-1');
%       location = session.upload('data/training', 'training');
%
%   See also sagemaker.MATLABEstimator, sagemaker.doctor.

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
                              'the name of a bucket: 3 to 63 lower-case letters, digits, . and -');
            settings.Project = text('Project', settings.Project, '.', 'the name of a project');
            obj.Project = sagemaker.internal.projectName(settings.Project);
            obj.Runner = settings.Runner;
            if isempty(obj.Runner)
                obj.Runner = @(varargin) sagemaker.internal.runKit(varargin{:});
            end
        end

        function location = upload(obj, data, name)
        %UPLOAD  Copy a folder, a file or a table to the bucket.
        %   LOCATION = upload(SESSION, DATA, NAME) returns the S3 location of the copy,
        %   s3://<bucket>/data/<project>/<NAME>/<key>/. NAME has letters, digits and hyphens. The
        %   key depends only on the content: uploading the same data again copies nothing.
        %   Raises sagemaker:upload:source if DATA is no folder, file or table.
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
                      ['There is nothing to upload: the data is not a table, and there is no ' ...
                       'such folder or file. Give a folder, a file or a table.']);
            end
            outputs = obj.run('transfer', {'upload', data, '--name', name});
            location = outputs.uri;
        end

        function download(obj, uri, folder)
        %DOWNLOAD  Copy an S3 location to a folder on this machine.
        %   download(SESSION, URI, FOLDER) copies the object URI, or all objects in the S3 folder
        %   URI. No file in FOLDER is overwritten.
            sagemaker.internal.requireArguments(nargin - 1, 'download(uri, folder)');
            obj.run('transfer', {'download', char(uri), char(folder)});
        end

        function outputs = run(obj, verb, options, project)
        %RUN  Run a command of the kit that needs only the name of a project.
        %   OUTPUTS = run(SESSION, VERB, OPTIONS, PROJECT) runs `scripts/run VERB OPTIONS` and
        %   returns its outputs as a struct. PROJECT is the session's if it is left out. Raises
        %   sagemaker:<verb>:<kind>.
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
