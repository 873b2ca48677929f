classdef OctaveTestCase < handle
%OCTAVETESTCASE  The part of matlab.unittest.FunctionTestCase that these tests use, for Octave.
%   A failed verification is added to Failures and the test continues, as in MATLAB.

    properties
        TestData = struct()
        Failures = {}
    end

    methods
        function verifyTrue(obj, actual, varargin)
            obj.judge(islogical(actual) && isscalar(actual) && actual, 'expected true', varargin);
        end

        function verifyFalse(obj, actual, varargin)
            obj.judge(islogical(actual) && isscalar(actual) && ~actual, 'expected false', varargin);
        end

        function verifyEmpty(obj, actual, varargin)
            obj.judge(isempty(actual), sprintf('expected empty, got %s', shown(actual)), varargin);
        end

        function verifyEqual(obj, actual, expected, varargin)
            isTolerance = numel(varargin) >= 2 && strcmp(varargin{1}, 'AbsTol');
            if isTolerance
                same = isequal(size(actual), size(expected)) && ...
                       all(abs(actual(:) - expected(:)) <= varargin{2});
                varargin = varargin(3:end);
            else
                same = strcmp(class(actual), class(expected)) && ...
                       isequal(size(actual), size(expected)) && sameValue(actual, expected);
            end
            obj.judge(same, sprintf('expected %s, got %s', shown(expected), shown(actual)), ...
                      varargin);
        end

        function verifyGreaterThanOrEqual(obj, actual, floor_, varargin)
            obj.judge(all(actual(:) >= floor_), ...
                      sprintf('expected at least %s, got %s', shown(floor_), ...
                              shown(actual)), varargin);
        end

        function verifyLessThanOrEqual(obj, actual, ceiling, varargin)
            obj.judge(all(actual(:) <= ceiling), ...
                      sprintf('expected at most %s, got %s', shown(ceiling), ...
                              shown(actual)), varargin);
        end

        function verifySubstring(obj, actual, part, varargin)
            obj.judge(~isempty(strfind(actual, part)), ...
                      sprintf('expected %s within %s', shown(part), shown(actual)), varargin);
        end

        function verifyError(obj, action, identifier, varargin)
            try
                action();
                got = 'no error';
            catch err
                got = err.identifier;
            end
            obj.judge(strcmp(got, identifier), ...
                      sprintf('expected the error %s, got %s', identifier, got), varargin);
        end
    end

    methods (Access = private)
        function judge(obj, holds, text, diagnostic)
            if ~holds
                stack = dbstack('-completenames');
                place = sprintf('%s, line %d: ', stack(3).name, stack(3).line);
                obj.Failures{end + 1} = strjoin([{[place text]}, diagnostic], ' | ');
            end
        end
    end
end

function same = sameValue(actual, expected)
    if isobject(actual)
        same = isequal(actual, expected);
    else
        same = isequaln(actual, expected);
    end
end

function text = shown(value)
    text = strtrim(regexprep(evalc('disp(value)'), '\s+', ' '));
    text = sprintf('%s %s [%s]', class(value), mat2str(size(value)), text(1:min(end, 400)));
end
