function value = decodeJson(text, file)
%DECODEJSON  jsondecode whose error names the file. Raises sagemaker_training:config:format.
    try
        value = jsondecode(text);
    catch err
        error('sagemaker_training:config:format', '%s is not JSON (%s). Write it again.', file, ...
              err.message);
    end
end
