function requireFewColumns(count)
%REQUIREFEWCOLUMNS  Raise sagemaker_inference:decode:body if a request has too many columns.
%   A table with tens of thousands of columns takes minutes to create and blocks its worker.
    limit = 10000;
    if count > limit
        error('sagemaker_inference:decode:body', ...
              'The body has %d columns. Send at most %d.', count, limit);
    end
end
