function header = csvHeader(contentType)
%CSVHEADER  Whether CSV has a header line: 'present', 'absent', or '' if it is not known.
%   HEADER = csvHeader(CONTENTTYPE) is the parameter header of the Content-Type or, without it, the
%   environment variable MATLAB_SAGEMAKER_CSV_HEADER.
%   Source: https://www.rfc-editor.org/rfc/rfc4180#section-3
    header = regexp(lower(contentType), ';\s*header\s*=\s*"?(present|absent)', 'tokens', 'once');
    if ~isempty(header)
        header = header{1};
        return
    end
    header = getenv('MATLAB_SAGEMAKER_CSV_HEADER');
    if ~any(strcmp(header, {'', 'present', 'absent'}))
        error('sagemaker_inference:environment:csvHeader', ...
              'MATLAB_SAGEMAKER_CSV_HEADER is ''%s''. Set it to present or absent.', header);
    end
end
