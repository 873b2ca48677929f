function T = asTable(prediction)
%ASTABLE  A prediction as a table; an array becomes its variable prediction, one row a row.
    T = prediction;
    if ~istable(prediction)
        if ischar(prediction)
            prediction = cellstr(prediction);
        end
        T = table(prediction, 'VariableNames', {'prediction'});
    end
end
