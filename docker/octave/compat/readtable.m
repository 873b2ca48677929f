function T = readtable(file, varargin)
%READTABLE  A delimited text file with a header line as a table (Octave only).
%   T = READTABLE(FILE, 'Delimiter', ',', 'ReadVariableNames', true)
%   'VariableNamingRule' is 'modify' or 'preserve'. 'TextType' and 'FileType' are accepted, but text
%   is always char in cells. Raises octave_compat:readtable:file and sagemaker_inference:csv:*.
    octave_compat.requirePairs(varargin, 'readtable');
    p = inputParser;
    p.FunctionName = 'readtable';
    p.addParameter('Delimiter', ',');
    p.addParameter('ReadVariableNames', true);
    p.addParameter('TextType', 'char');
    p.addParameter('FileType', 'text');
    p.addParameter('VariableNamingRule', 'modify');
    p.parse(varargin{:});
    if ~isfile(file)
        error('octave_compat:readtable:file', 'There is no file %s to read. Check its name.', file);
    end
    delimiter = sagemaker_inference.internal.text.delimiterOf(p.Results.Delimiter);
    T = octave_compat.csvToTable(fileread(file), delimiter, p.Results.ReadVariableNames, ...
                                 strcmp(char(p.Results.VariableNamingRule), 'preserve'));
end
