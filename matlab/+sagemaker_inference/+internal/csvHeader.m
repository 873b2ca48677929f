function header = csvHeader(contentType)
%CSVHEADER  Whether CSV has a header line: 'present', 'absent', or '' where nobody says it.
%   The parameter header of the Content-Type says it, else the variable MATLAB_SAGEMAKER_CSV_HEADER.
%   Source: https://www.rfc-editor.org/rfc/rfc4180#section-3
    header = regexp(lower(contentType), ';\s*header\s*=\s*"?(present|absent)', 'tokens', 'once');
    if ~isempty(header)
        header = header{1};
        return
    end
    header = getenv('MATLAB_SAGEMAKER_CSV_HEADER');
    if ~any(strcmp(header, {'', 'present', 'absent'}))
        error('sagemaker_inference:environment:csvHeader', ...
              'MATLAB_SAGEMAKER_CSV_HEADER is ''%s''; it may be present or absent.', header);
    end
end
