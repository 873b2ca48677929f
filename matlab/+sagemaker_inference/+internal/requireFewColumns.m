function requireFewColumns(count)
%REQUIREFEWCOLUMNS  Raise sagemaker_inference:decode:body for more columns than a request may have.
%   A table of many thousands takes minutes to make, in which its worker serves nobody.
    limit = 10000;
    if count > limit
        error('sagemaker_inference:decode:body', ...
              'The body has %d columns; %d are the most that are taken.', count, limit);
    end
end
