classdef table
%TABLE  MATLAB's table for GNU Octave: named columns of equal height.
%   T = TABLE(A, B, ...) names the columns after the variables A, B, ... ; an expression gets
%   'Var<k>'.
%   T = TABLE(A, B, ..., 'VariableNames', NAMES) takes the names from the cell array NAMES.
%
%   Columns are numeric or logical (rows x columns) or cell arrays of text; char matrices become
%   cells.
%   Supported: T.name, T{rows, columns}, T(rows, columns), T.Properties.VariableNames, assignment
%   to each, removal with [], vertical and horizontal concatenation. Errors have MATLAB's
%   identifiers; Octave drops them from an error inside [ ... ].
%   Octave only. See also READTABLE, WRITETABLE.

    properties (Access = private)
        Names = {}
        Columns = {}
    end

    methods
        function obj = table(varargin)
            [columns, names] = octave_compat.splitNameValue(varargin, 'VariableNames');
            if isempty(names)
                names = cell(1, numel(columns));
                for k = 1:numel(columns)
                    names{k} = octave_compat.nameOr(inputname(k, false), sprintf('Var%d', k));
                end
            end
            names = cellstr(names);
            obj.Columns = octave_compat.checkColumns(columns, names);
            obj.Names = names(:)';
        end

        function n = height(obj)
            n = 0;
            if ~isempty(obj.Columns)
                n = size(obj.Columns{1}, 1);
            end
        end

        function n = width(obj)
            n = numel(obj.Names);
        end

        function varargout = size(obj, dimension)
            extent = [height(obj), width(obj)];
            if nargin > 1
                varargout = {extent(dimension)};
            elseif nargout < 2
                varargout = {extent};
            else
                varargout = [num2cell(extent), repmat({1}, 1, nargout - 2)];
            end
        end

        function tf = isempty(obj)
            tf = height(obj) == 0 || width(obj) == 0;
        end

        function n = end(obj, dimension, ~)
            extent = [height(obj), width(obj)];
            n = extent(dimension);
        end

        function varargout = subsref(obj, s)
            switch s(1).type
                case '.'
                    value = dot_value(obj, s(1).subs);
                case '()'
                    value = slice(obj, s(1).subs{:});
                otherwise
                    value = joinColumns(slice(obj, s(1).subs{:}).Columns);
            end
            if numel(s) > 1
                value = subsref(value, s(2:end));
            end
            varargout{1} = value;
        end

        function obj = subsasgn(obj, s, value)
            switch s(1).type
                case '.'
                    obj = assign_dot(obj, s, value);
                case '()'
                    obj = assign_part(obj, s(1).subs{:}, value);
                otherwise
                    obj = assign_values(obj, s(1).subs{:}, value);
            end
        end

        function obj = vertcat(varargin)
            obj = varargin{1};
            for k = 2:nargin
                obj.Columns = octave_compat.stackColumns(obj.Names, obj.Columns, ...
                                                         varargin{k}.Names, varargin{k}.Columns);
            end
        end

        function obj = horzcat(varargin)
            parts = cellfun(@(t) {t.Names, t.Columns}, varargin, 'UniformOutput', false);
            parts = vertcat(parts{:});
            columns = [parts{:, 2}];
            names = [parts{:, 1}];
            octave_compat.checkColumns(columns, names);
            obj = varargin{1};
            obj.Names = names;
            obj.Columns = columns;
        end

        function tf = isequal(a, b)
            tf = isa(a, 'table') && isa(b, 'table') && isequal(a.Names, b.Names) && ...
                 isequal(a.Columns, b.Columns);
        end

        function disp(obj)
            fprintf('  %dx%d table\n\n%s', height(obj), width(obj), ...
                    sagemaker_inference.internal.text.tableToCsv(obj));
        end
    end

    methods (Access = private)
        function value = dot_value(obj, name)
            if strcmp(name, 'Properties')
                value = struct('VariableNames', {obj.Names});
            else
                value = obj.Columns{octave_compat.columnIndex(obj.Names, name)};
            end
        end

        function part = slice(obj, rows, columns)
            index = octave_compat.columnIndex(obj.Names, columns);
            part = obj;
            part.Names = obj.Names(index);
            part.Columns = cellfun(@(c) c(rows, :), obj.Columns(index), 'UniformOutput', false);
        end

        function obj = assign_dot(obj, s, value)
            name = s(1).subs;
            if strcmp(name, 'Properties')
                obj.Names = octave_compat.renamed(obj.Names, s(2:end), value);
                return
            end
            index = find(strcmp(obj.Names, name));
            if isempty(index)
                index = numel(obj.Names) + 1;
                obj.Names{index} = name;
                obj.Columns{index} = [];
            end
            if numel(s) > 1
                value = subsasgn(obj.Columns{index}, s(2:end), value);
            elseif isnumeric(value) && isequal(size(value), [0, 0])
                obj = without_columns(obj, index);
                return
            end
            obj.Columns{index} = value;
            obj.Columns = octave_compat.checkColumns(obj.Columns, obj.Names);
        end

        function obj = assign_part(obj, rows, columns, value)
            index = octave_compat.columnIndex(obj.Names, columns);
            if isa(value, 'table')
                for k = 1:numel(index)
                    obj.Columns{index(k)}(rows, :) = value.Columns{k};
                end
            elseif ischar(rows) && strcmp(rows, ':')
                obj = without_columns(obj, index);
            else
                for k = 1:numel(obj.Columns)
                    obj.Columns{k}(rows, :) = [];
                end
            end
        end

        function obj = assign_values(obj, rows, columns, value)
            index = octave_compat.columnIndex(obj.Names, columns);
            for k = 1:numel(index)
                part = value;
                if size(value, 2) > 1
                    part = value(:, k);
                end
                obj.Columns{index(k)}(rows, :) = part;
            end
        end

        function obj = without_columns(obj, index)
            obj.Names(index) = [];
            obj.Columns(index) = [];
        end
    end
end

function values = joinColumns(columns)
    text = cellfun(@iscell, columns);
    if any(text) && ~all(text)
        error('MATLAB:table:ExtractDataIncompatibleTypeError', ...
              'Numbers and text cannot be joined in one array. Index variables of the same type.');
    end
    values = [columns{:}];
end
