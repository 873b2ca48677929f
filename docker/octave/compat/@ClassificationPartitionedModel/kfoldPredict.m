function label = kfoldPredict(obj)
%KFOLDPREDICT  For each observation the label of the tree that was fitted without it.
    model = struct(obj);
    label = model.Y;
    for k = 1:model.KFold
        held = model.Fold == k;
        label(held, :) = predict(model.Trained{k}, model.X(held, :));
    end
end
