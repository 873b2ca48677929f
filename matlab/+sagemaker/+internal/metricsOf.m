function pairs = metricsOf(value)
%METRICSOF  The names and patterns of metrics as an n x 2 cell.
%   VALUE is a struct or a containers.Map, or a struct array with Name and Regex, as AWS has them.
%   Raises sagemaker:input:metricDefinitions.
    if isstruct(value) && isfield(value, 'Name') && isfield(value, 'Regex')
        value = struct('Key', {value.Name}, 'Value', {value.Regex});
    end
    pairs = sagemaker.internal.pairsOf(value, 'MetricDefinitions');
    for k = 1:size(pairs, 1)
        if isempty(strfind(pairs{k, 2}, '('))
            error('sagemaker:input:metricDefinitions', ...
                  ['MetricDefinitions has the pattern ''%s'' for %s. Put the value in ' ...
                   'parentheses, such as ''accuracy: ([0-9.]+)''.'], pairs{k, 2}, pairs{k, 1});
        end
    end
end
