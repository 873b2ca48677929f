function label = resubPredict(obj)
%RESUBPREDICT  Labels that the model gives its own training data.
    label = predict(obj, struct(obj).X);
end
