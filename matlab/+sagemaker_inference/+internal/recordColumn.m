function column = recordColumn(values, name)
%RECORDCOLUMN  One member of all records as a column: numbers (null: NaN), or text (null: '').
%   Raises sagemaker_inference:decode:body for a member that is neither.
    missing = cellfun('isempty', values);
    isNumber = cellfun(@(v) (isnumeric(v) || islogical(v)) && isscalar(v), values);
    if all(isNumber | missing & ~cellfun(@ischar, values))
        values(missing) = {NaN};
        column = cellfun(@double, values(:));
    elseif all(cellfun(@ischar, values) | missing)
        values(missing) = {''};
        column = values(:);
    else
        error('sagemaker_inference:decode:body', ...
              'The member "%s" has to be a number in every record, or text in every record.', name);
    end
end
