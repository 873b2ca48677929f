function saveSame(file, content)
%SAVESAME  Save the fields of the struct CONTENT as variables, in the same bytes each time.
%   The head of a MAT file says when it was written, and a model's key depends on each byte.
%   Source: https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
    save(file, '-struct', 'content', '-v7');
    handle = fopen(file, 'r+');
    closing = onCleanup(@() fclose(handle));
    text = 'MATLAB 5.0 MAT-file, written by sagemaker.MATLABEstimator';
    fwrite(handle, [text, repmat(' ', 1, 116 - numel(text))], 'uint8');
end
