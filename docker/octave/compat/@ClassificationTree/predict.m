function [label, score, node] = predict(obj, data)
%PREDICT  Labels, class probabilities (rows x classes) and leaf numbers for a table or matrix.
    tree = struct(obj);
    node = octave_compat.descend(tree, data);
    label = tree.NodeClass(node, 1);
    score = tree.ClassProbability(node, :);
end
