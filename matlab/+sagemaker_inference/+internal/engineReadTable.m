function T = engineReadTable(text)
%ENGINEREADTABLE  Delimited text as a table: in memory on Octave, through readtable on MATLAB.
    if sagemaker_inference.internal.isOctave()
        T = octave_compat.csvToTable(text);
    else
        T = sagemaker_inference.internal.readTableThroughFile(text);
    end
end
