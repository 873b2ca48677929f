function T = readTableFromString(text)
%READTABLEFROMSTRING  Delimited text with a header line as a table.
%   T = sagemaker_inference.readTableFromString(TEXT) reads TEXT (char) as readtable reads a file,
%   so a request's columns have the types that the training data had. Raises
%   sagemaker_inference:decode:body when TEXT is no such text.
    if isempty(strtrim(text))
        error('sagemaker_inference:decode:body', 'The body is empty. Send a header line and rows.');
    end
    try
        T = sagemaker_inference.internal.engineReadTable(text);
    catch err
        error('sagemaker_inference:decode:body', 'The body is not delimited text: %s', err.message);
    end
end
