function T = readtable(file, varargin)
%READTABLE  A delimited text file with a header line as a table (Octave only).
%   T = READTABLE(FILE, 'Delimiter', ',', 'ReadVariableNames', true)
%   Options of MATLAB's readtable that change only types or text kinds ('TextType', 'FileType',
%   'VariableNamingRule') are accepted and have no effect here. Raises octave_compat:readtable:file
%   and the errors of octave_compat.csvToTable.
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
    delimiter = octave_compat.delimiterOf(p.Results.Delimiter);
    T = octave_compat.csvToTable(fileread(file), delimiter, p.Results.ReadVariableNames);
end
