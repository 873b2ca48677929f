classdef tabularTextDatastore < handle
%TABULARTEXTDATASTORE  The delimited text files of a folder, read one after the other (Octave only).
%   DS = TABULARTEXTDATASTORE(LOCATION) takes a file, a cell array of files or a folder, whose
%   .csv and .txt files are read in the order of their names, sub-folders not included.
%   Methods: readall, read, hasdata, reset, preview. SelectedVariableNames picks columns.
%   Raises octave_compat:datastore:empty when LOCATION holds no such file.

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
            obj.Files = octave_compat.textFiles(location);
            obj.Options = varargin;
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
