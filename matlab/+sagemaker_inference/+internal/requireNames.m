function requireNames(names)
%REQUIRENAMES  Raise sagemaker_inference:decode:body for names that no table's columns can have.
    sorted = sort(names(:));
    again = find(strcmp(sorted(1:end - 1), sorted(2:end)), 1);
    if ~isempty(again)
        refuse(sorted{again}, 'is there twice');
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
        refuse(names{at}, 'is none that a table can have');
    end
end

function refuse(name, why)
    error('sagemaker_inference:decode:body', ...
          'The name "%s" %s. Give each column a name of its own.', name(1:min(end, 80)), why);
end
