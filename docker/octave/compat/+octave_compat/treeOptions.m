function options = treeOptions(count, names, arguments_)
%TREEOPTIONS  The name-value arguments of fitctree, checked, with defaults for COUNT observations.
%   Raises octave_compat:fitctree:option for a value that is out of range.
    p = inputParser;
    p.FunctionName = 'fitctree';
    p.addParameter('MinParentSize', 10);
    p.addParameter('MinLeafSize', 1);
    p.addParameter('MaxNumSplits', max(count - 1, 0));
    p.addParameter('SplitCriterion', 'gdi');
    p.addParameter('PredictorNames', names.Predictors);
    p.addParameter('ResponseName', names.Response);
    p.parse(arguments_{:});
    options = p.Results;
    parameters = rmfield(options, {'PredictorNames', 'ResponseName'});
    checkCount(parameters, 'MinParentSize', 1);
    checkCount(parameters, 'MinLeafSize', 1);
    checkCount(parameters, 'MaxNumSplits', 0);
    parameters.SplitCriterion = lower(char(parameters.SplitCriterion));
    if ~any(strcmp(parameters.SplitCriterion, {'gdi', 'deviance'}))
        error('octave_compat:fitctree:option', ...
              'SplitCriterion is ''%s''; the Octave engine knows ''gdi'' and ''deviance''.', ...
              parameters.SplitCriterion);
    end
    parameters.MinParentSize = max(parameters.MinParentSize, 2 * parameters.MinLeafSize);
    options.ModelParameters = parameters;
end

function checkCount(parameters, name, least)
    value = parameters.(name);
    if ~isnumeric(value) || ~isscalar(value) || ~(value >= least) || value ~= floor(value)
        error('octave_compat:fitctree:option', '%s must be a whole number, at least %d.', name, ...
              least);
    end
end
