function node = descend(tree, data)
%DESCEND  The leaf (row number of the tree's nodes) of each row of a table or matrix.
%   TREE is a struct of ClassificationTree's properties. A missing value follows the larger child.
    X = octave_compat.predictorMatrix(data, tree.PredictorNames);
    node = ones(size(X, 1), 1);
    predictor = tree.CutPredictorIndex;
    active = find(predictor(node) > 0);
    while ~isempty(active)
        at = node(active);
        values = X(sub2ind(size(X), active, predictor(at)));
        children = tree.Children(at, :);
        isRight = values >= tree.CutPoint(at);
        missing = isnan(values);
        if any(missing)
            sizes = reshape(tree.NodeSize(children(missing, :)), [], 2);
            isRight(missing) = sizes(:, 2) > sizes(:, 1);
        end
        node(active) = children(sub2ind(size(children), (1:numel(at))', 1 + isRight));
        active = active(predictor(node(active)) > 0);
    end
end
