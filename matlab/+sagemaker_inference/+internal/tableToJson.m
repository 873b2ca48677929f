function text = tableToJson(prediction)
%TABLETOJSON  A prediction as a JSON array with one record a row; a struct as jsonencode writes it.
    if isstruct(prediction)
        text = jsonencode(prediction);
        return
    end
    T = sagemaker_inference.internal.asTable(prediction);
    names = T.Properties.VariableNames;
    cells = cell(height(T), numel(names));
    for k = 1:numel(names)
        cells(:, k) = sagemaker_inference.internal.columnCells(T.(names{k}));
    end
    records = cell2struct(cells, names(:), 2);
    text = jsonencode(num2cell(records(:)));
end
