function text = engineWriteTable(T)
%ENGINEWRITETABLE  A table as delimited text: in memory on Octave, through writetable on MATLAB.
    if sagemaker_inference.internal.isOctave()
        text = octave_compat.tableToCsv(T);
    else
        text = sagemaker_inference.internal.writeTableThroughFile(T);
    end
end
