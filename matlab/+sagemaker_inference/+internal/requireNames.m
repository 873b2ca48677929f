function requireNames(names)
%REQUIRENAMES  Raise sagemaker_inference:decode:body for names that columns of a table cannot have.
    sorted = sort(names(:));
    again = find(strcmp(sorted(1:end - 1), sorted(2:end)), 1);
    if ~isempty(again)
        refuse(sorted{again}, 'occurs twice');
    end
    at = find(cellfun('prodofsize', names) > namelengthmax(), 1);
    if ~isempty(at)
        refuse(names{at}, sprintf('has more than %d characters', namelengthmax()));
    end
    isReserved = cellfun('isempty', names);
    for word = {':', 'Properties', 'RowNames', 'VariableNames'}
        isReserved = isReserved | strcmp(names, word{1});
    end
    at = find(isReserved, 1);
    if ~isempty(at)
        refuse(names{at}, 'cannot be the name of a column');
    end
end

function refuse(name, why)
    error('sagemaker_inference:decode:body', ...
          'The name "%s" %s. Give the column another name.', name(1:min(end, 80)), why);
end
