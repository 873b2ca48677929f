function [folder, given] = environmentInputs(inputs)
%ENVIRONMENTINPUTS  The inputs of sagemaker_training.Environment (1 x n cell), with their defaults.
%   FOLDER is the base folder, GIVEN a struct of the structs that take the place of files, [] where
%   none is given. Raises sagemaker_training:environment:option.
    folder = sagemaker_training.internal.baseFolder();
    if mod(numel(inputs), 2) == 1
        folder = folderOf(inputs{1});
        inputs(1) = [];
    end
    given = optionsOf(inputs);
end

function folder = folderOf(value)
    if ~ischar(value) && ~isa(value, 'string')
        error('sagemaker_training:environment:option', ...
              ['Environment takes a name before each value, and a folder before these. Of ' ...
               'Name=value, GNU Octave passes the value only: write ''Name'', value.']);
    end
    folder = char(value);
end

function given = optionsOf(pairs)
    % The structs that take the place of files, [] where none is given.
    given = struct('ResourceConfig', [], 'InputDataConfig', [], 'HyperParameters', []);
    names = fieldnames(given)';
    for k = 1:2:numel(pairs)
        name = char(pairs{k});
        at = find(strcmpi(names, name), 1);
        if isempty(at)
            error('sagemaker_training:environment:option', ...
                  'Environment has no option ''%s''. It takes: %s.', name, strjoin(names, ', '));
        end
        if ~isempty(pairs{k + 1}) && ~(isstruct(pairs{k + 1}) && isscalar(pairs{k + 1}))
            error('sagemaker_training:environment:option', ...
                  '%s is a %s. Give one struct, with a field for each member.', names{at}, ...
                  class(pairs{k + 1}));
        end
        given.(names{at}) = pairs{k + 1};
    end
end
