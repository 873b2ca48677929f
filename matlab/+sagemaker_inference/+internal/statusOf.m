function code = statusOf(identifier)
%STATUSOF  The HTTP status of an error: 500 unless the request is at fault.
    switch identifier
        case 'sagemaker_inference:decode:body'
            code = 400;
        case 'sagemaker_inference:route:path'
            code = 404;
        case 'sagemaker_inference:route:method'
            code = 405;
        case 'sagemaker_inference:encode:accept'
            code = 406;
        case 'sagemaker_inference:decode:contentType'
            code = 415;
        otherwise
            code = 500;
    end
end
