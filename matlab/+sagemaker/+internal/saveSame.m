function saveSame(file, content)
%SAVESAME  Save the fields of the struct CONTENT as variables, always with the same bytes.
%   A MAT file starts with the time of writing. It is overwritten here, because each byte counts
%   when the kit looks for a model that has been trained from the same files.
%   Source: https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
    save(file, '-struct', 'content', '-v7');
    handle = fopen(file, 'r+');
    closing = onCleanup(@() fclose(handle));
    text = 'MATLAB 5.0 MAT-file, written by sagemaker.MATLABEstimator';
    fwrite(handle, [text, repmat(' ', 1, 116 - numel(text))], 'uint8');
end
