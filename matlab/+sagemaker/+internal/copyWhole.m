function copyWhole(source, target)
%COPYWHOLE  Copy a file, or a folder with all that it holds, whatever signs its name has.
%   A file goes into the folder TARGET or becomes the file TARGET; a folder becomes TARGET, which
%   is new, and <folder>/. goes into it. What a link names is copied. Octave's copyfile takes [ and
%   * for patterns. Raises sagemaker:input:copy.
    folder = fileparts(target);
    if ~isempty(folder) && ~isfolder(folder)
        mkdir(folder);
    end
    words = {'cp', '-RL', '--', source, target};
    line = sagemaker.internal.commandLine(sagemaker.internal.withoutLibraries(words));
    [code, said] = system([line ' 2>&1']);
    if code ~= 0
        error('sagemaker:input:copy', '%s cannot be copied: %s', source, strtrim(said));
    end
end
