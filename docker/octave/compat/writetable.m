function writetable(T, file, varargin)
%WRITETABLE  A table as a delimited text file with a header line (Octave only).
%   WRITETABLE(T, FILE, 'Delimiter', ',', 'WriteVariableNames', true). 'FileType' may be 'text'.
%   Raises octave_compat:writetable:file when FILE cannot be opened.
    p = inputParser;
    p.FunctionName = 'writetable';
    p.addParameter('Delimiter', ',');
    p.addParameter('WriteVariableNames', true);
    p.addParameter('FileType', 'text');
    p.parse(varargin{:});
    delimiter = octave_compat.delimiterOf(p.Results.Delimiter);
    text = octave_compat.tableToCsv(T, delimiter, p.Results.WriteVariableNames);
    [handle, reason] = fopen(file, 'w');
    if handle < 0
        error('octave_compat:writetable:file', 'Cannot write %s: %s.', file, reason);
    end
    closing = onCleanup(@() fclose(handle));
    fwrite(handle, text);
end
