function T = jsonToTable(text)
%JSONTOTABLE  JSON records as a table: [{...}, ...], {...} or {"instances": [{...}, ...]}.
%   A member null is NaN in a numeric column. Raises sagemaker_inference:decode:body.
    try
        records = jsondecode(text);
    catch err
        error('sagemaker_inference:decode:body', 'The body is not JSON: %s.', err.message);
    end
    if isstruct(records) && isscalar(records) && isfield(records, 'instances')
        records = records.instances;
    end
    records = sagemaker_inference.internal.uniformRecords(records);
    names = fieldnames(records);
    columns = cell(1, numel(names));
    for k = 1:numel(names)
        columns{k} = sagemaker_inference.internal.recordColumn({records.(names{k})}, names{k});
    end
    T = table(columns{:}, 'VariableNames', names');
end
