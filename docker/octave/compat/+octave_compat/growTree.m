function nodes = growTree(X, class, classCount, parameters)
%GROWTREE  CART, layer by layer, until no node can be split or MaxNumSplits is reached.
%   X is rows x predictors, CLASS rows x 1 (1..classCount). NODES has one row for each node in
%   CutPredictorIndex, CutPoint, Children (n x 2), Parent and Counts (n x classes).
    counts = accumarray(class, 1, [classCount, 1])';
    nodes = struct('CutPredictorIndex', 0, 'CutPoint', NaN, 'Children', [0, 0], 'Parent', 0, ...
                   'Counts', counts);
    layer = 1;
    members = {(1:numel(class))'};
    remaining = parameters.MaxNumSplits;
    while ~isempty(layer) && remaining > 0
        splits = cellfun(@(m) octave_compat.bestSplit(X(m, :), class(m), classCount, ...
                                                      parameters), ...
                         members);
        chosen = largestGains([splits.Gain], remaining);
        remaining = remaining - numel(chosen);
        [nodes, layer, members] = splitLayer(nodes, layer(chosen), members(chosen), ...
                                             splits(chosen), ...
                                             X, class);
    end
end

function chosen = largestGains(gains, count)
    chosen = find(gains > 0);
    [~, order] = sort(gains(chosen), 'descend');
    chosen = sort(chosen(order(1:min(count, numel(order)))));
end

function [nodes, nextLayer, nextMembers] = splitLayer(nodes, layer, members, splits, X, class)
    nextLayer = zeros(1, 0);
    nextMembers = cell(1, 0);
    for k = 1:numel(layer)
        isLeft = goesLeft(X(members{k}, splits(k).Predictor), splits(k).Cut);
        children = {members{k}(isLeft), members{k}(~isLeft)};
        ids = numel(nodes.Parent) + (1:2);
        nodes.CutPredictorIndex(layer(k)) = splits(k).Predictor;
        nodes.CutPoint(layer(k)) = splits(k).Cut;
        nodes.Children(layer(k), :) = ids;
        nodes = withLeaf(withLeaf(nodes, layer(k), class(children{1})), layer(k), ...
                         class(children{2}));
        nextLayer = [nextLayer, ids];
        nextMembers = [nextMembers, children];
    end
end

function nodes = withLeaf(nodes, parent, class)
    id = numel(nodes.Parent) + 1;
    nodes.CutPredictorIndex(id, 1) = 0;
    nodes.CutPoint(id, 1) = NaN;
    nodes.Children(id, :) = 0;
    nodes.Parent(id, 1) = parent;
    nodes.Counts(id, :) = accumarray(class, 1, [size(nodes.Counts, 2), 1])';
end

function isLeft = goesLeft(values, cut)
    % Below the cut, or missing and the left child is at least as large as the right one.
    isLeft = values < cut;
    missing = isnan(values);
    if any(missing)
        isLeft(missing) = sum(isLeft) >= sum(values >= cut);
    end
end
