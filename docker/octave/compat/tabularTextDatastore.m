classdef tabularTextDatastore < handle
%TABULARTEXTDATASTORE  The delimited text files of a folder, read one after the other (Octave only).
%   DS = TABULARTEXTDATASTORE(LOCATION) takes a file, a cell array of files or a folder, whose
%   .csv and .txt files are read in the order of their names.
%   DS = TABULARTEXTDATASTORE(LOCATION, 'IncludeSubfolders', true) takes those of its sub-folders as
%   well. Other options are readtable's.
%   Methods: readall, read, hasdata, reset, preview. SelectedVariableNames picks columns.
%   Raises octave_compat:datastore:empty if LOCATION has no such file.

    properties
        Files = {}
        SelectedVariableNames = {}
    end

    properties (Access = private)
        Next = 1
        Options = {}
    end

    methods
        function obj = tabularTextDatastore(location, varargin)
            octave_compat.requirePairs(varargin, 'tabularTextDatastore');
            [obj.Options, deep] = octave_compat.splitNameValue(varargin, 'IncludeSubfolders');
            obj.Files = textFiles(location, ~isempty(deep) && deep);
        end

        function T = readall(obj)
            parts = cellfun(@(f) obj.read_file(f), obj.Files, 'UniformOutput', false);
            T = vertcat(parts{:});
        end

        function T = read(obj)
            if ~obj.hasdata()
                error('MATLAB:datastoreio:splittabledatastore:noMoreData', ...
                      'Every file has been read. Call reset to start again.');
            end
            T = obj.read_file(obj.Files{obj.Next});
            obj.Next = obj.Next + 1;
        end

        function tf = hasdata(obj)
            tf = obj.Next <= numel(obj.Files);
        end

        function reset(obj)
            obj.Next = 1;
        end

        function T = preview(obj)
            T = head(obj.read_file(obj.Files{1}));
        end

        function T = read_file(obj, file)
            T = readtable(file, obj.Options{:});
            if ~isempty(obj.SelectedVariableNames)
                T = T(:, cellstr(obj.SelectedVariableNames));
            end
        end
    end
end

function files = textFiles(location, isDeep)
    % A column of full paths.
    if iscell(location)
        files = location(:);
    elseif isfolder(location)
        files = sort(filesIn(char(location), isDeep));
    else
        files = {char(location)};
    end
    if isempty(files) || ~all(cellfun(@isfile, files))
        error('octave_compat:datastore:empty', ...
              'There is no .csv or .txt file at %s. Check the folder or the channel.', ...
              strjoin(cellstr(location), ', '));
    end
end

function files = filesIn(folder, isDeep)
    found = [dir(fullfile(folder, '*.csv')); dir(fullfile(folder, '*.txt'))];
    files = arrayfun(@(f) fullfile(folder, f.name), found(:), 'UniformOutput', false);
    if isDeep
        inside = dir(folder);
        names = {inside([inside.isdir]).name};
        for name = names(~strncmp(names, '.', 1))
            files = [files; filesIn(fullfile(folder, name{1}), true)];
        end
    end
end
