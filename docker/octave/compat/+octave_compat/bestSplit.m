function split = bestSplit(X, class, classCount, parameters)
%BESTSPLIT  The cut of one predictor that lowers the node's impurity most.
%   SPLIT has fields Gain (impurity times observations; 0 when there is no cut), Predictor, Cut.
    split = struct('Gain', 0, 'Predictor', 0, 'Cut', NaN);
    if numel(class) < parameters.MinParentSize || all(class == class(1))
        return
    end
    for j = 1:size(X, 2)
        [gain, cut] = bestCut(X(:, j), class, classCount, parameters);
        if gain > split.Gain * (1 + 1e-12) + 1e-12
            split = struct('Gain', gain, 'Predictor', j, 'Cut', cut);
        end
    end
end

function [gain, cut] = bestCut(values, class, classCount, parameters)
    gain = 0;
    cut = NaN;
    present = ~isnan(values);
    [sorted, order] = sort(values(present));
    class = class(present);
    count = numel(sorted);
    below = cumsum(full(sparse(1:count, class(order), 1, count, classCount)), 1);
    sizes = (1:count)';
    at = find([sorted(1:end - 1) < sorted(2:end); false(min(count, 1), 1)] & ...
              sizes >= parameters.MinLeafSize & count - sizes >= parameters.MinLeafSize);
    if isempty(at)
        return
    end
    total = below(end, :);
    criterion = parameters.SplitCriterion;
    after = impurity(below(at, :), criterion) + impurity(total - below(at, :), criterion);
    [least, k] = min(after);
    gain = impurity(total, criterion) - least;
    cut = between(sorted(at(k)), sorted(at(k) + 1));
end

function value = impurity(counts, criterion)
    sizes = sum(counts, 2);
    if strcmp(criterion, 'gdi')
        value = sizes - sum(counts .^ 2, 2) ./ sizes;
    else
        value = -sum(counts .* log2(max(counts, 1) ./ sizes), 2);
    end
end

function cut = between(low, high)
    cut = low + (high - low) / 2;
    if ~(cut > low && cut <= high)
        cut = high;
    end
end
