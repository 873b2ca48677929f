function records = uniformRecords(records)
%UNIFORMRECORDS  Decoded JSON records as a struct array. Raises sagemaker_inference:decode:body.
%   jsondecode gives a cell array where the members stand in different order.
    wanted = 'Send records that have the same members, such as [{"x": 1}, {"x": 2}].';
    if iscell(records) && ~isempty(records) && all(cellfun(@isstruct, records))
        first = records{1};
        for k = 2:numel(records)
            if ~isequal(sort(fieldnames(records{k})), sort(fieldnames(first)))
                error('sagemaker_inference:decode:body', 'Record %d has other members. %s', k, ...
                      wanted);
            end
        end
        records = vertcat(records{:});
    end
    if ~isstruct(records) || isempty(fieldnames(records))
        error('sagemaker_inference:decode:body', 'The body holds no records. %s', wanted);
    end
end
