function writetable(T, file, varargin)
%WRITETABLE  A table as a delimited text file with a header line (Octave only).
%   WRITETABLE(T, FILE, 'Delimiter', ',', 'WriteVariableNames', true). 'FileType' may be 'text'.
%   Raises octave_compat:writetable:file when FILE cannot be opened.
    octave_compat.requirePairs(varargin, 'writetable');
    p = inputParser;
    p.FunctionName = 'writetable';
    p.addParameter('Delimiter', ',');
    p.addParameter('WriteVariableNames', true);
    p.addParameter('FileType', 'text');
    p.parse(varargin{:});
    delimiter = sagemaker_inference.internal.text.delimiterOf(p.Results.Delimiter);
    text = sagemaker_inference.internal.text.tableToCsv(T, delimiter, ...
                                                    p.Results.WriteVariableNames);
    [handle, reason] = fopen(file, 'w');
    if handle < 0
        error('octave_compat:writetable:file', 'Cannot write %s: %s.', file, reason);
    end
    closing = onCleanup(@() fclose(handle));
    fwrite(handle, text);
end
