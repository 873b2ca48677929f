function text = writeTableToString(T)
%WRITETABLETOSTRING  A table as delimited text with a header line, LF line ends (char).
%   TEXT = sagemaker_inference.writeTableToString(T) writes as writetable writes a file.
    text = sagemaker_inference.internal.engineWriteTable(T);
end
