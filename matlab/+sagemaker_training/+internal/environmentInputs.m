function [folder, given] = environmentInputs(inputs)
%ENVIRONMENTINPUTS  Base folder and options from the arguments of sagemaker_training.Environment.
%   [FOLDER, GIVEN] = environmentInputs(INPUTS): GIVEN is a struct with the structs that replace
%   files, [] for each that is not given. Raises sagemaker_training:environment:option.
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
              ['The first argument of Environment is neither a folder nor the name of an ' ...
               'option. Write options as ''Name'', value: GNU Octave does not pass the name of ' ...
               'Name=value.']);
    end
    folder = char(value);
end

function given = optionsOf(pairs)
    % The structs that replace files, [] for each that is not given.
    given = struct('ResourceConfig', [], 'InputDataConfig', [], 'HyperParameters', []);
    names = fieldnames(given)';
    for k = 1:2:numel(pairs)
        name = char(pairs{k});
        at = find(strcmpi(names, name), 1);
        if isempty(at)
            error('sagemaker_training:environment:option', ...
                  'Environment has no option ''%s''. Its options are: %s.', name, ...
                  strjoin(names, ', '));
        end
        if ~isempty(pairs{k + 1}) && ~(isstruct(pairs{k + 1}) && isscalar(pairs{k + 1}))
            error('sagemaker_training:environment:option', ...
                  '%s is of class %s or not scalar. Give one struct.', names{at}, ...
                  class(pairs{k + 1}));
        end
        given.(names{at}) = pairs{k + 1};
    end
end
