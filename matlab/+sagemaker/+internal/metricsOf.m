function pairs = metricsOf(value)
%METRICSOF  Names and patterns of metrics as an n x 2 cell.
%   PAIRS = metricsOf(VALUE): VALUE is a struct, a containers.Map, or a struct array with Name and
%   Regex, the form of AWS. Raises sagemaker:input:metricDefinitions.
    if isstruct(value) && isfield(value, 'Name') && isfield(value, 'Regex')
        value = struct('Key', {value.Name}, 'Value', {value.Regex});
    end
    pairs = sagemaker.internal.pairsOf(value, 'MetricDefinitions');
    for k = 1:size(pairs, 1)
        if isempty(strfind(pairs{k, 2}, '('))
            error('sagemaker:input:metricDefinitions', ...
                  ['MetricDefinitions: the pattern ''%s'' of %s has no parentheses, so it does ' ...
                   'not say where the value is. Put them around it, such as ' ...
                   '''accuracy: ([0-9.]+)''.'], pairs{k, 2}, pairs{k, 1});
        end
    end
end
