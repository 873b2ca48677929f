function reason = reasonOf(code)
%REASONOF  The words of an HTTP status code.
    switch code
        case 200
            reason = 'OK';
        case 400
            reason = 'Bad Request';
        case 404
            reason = 'Not Found';
        case 405
            reason = 'Method Not Allowed';
        case 406
            reason = 'Not Acceptable';
        case 415
            reason = 'Unsupported Media Type';
        otherwise
            reason = 'Internal Server Error';
    end
end
