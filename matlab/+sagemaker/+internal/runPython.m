function code = runPython(words)
%RUNPYTHON  Run the system's Python with arguments (1 x n cell of text) and show its output.
%   CODE is the exit code.
    program = 'python3';
    if ispc()
        program = 'python';
    end
    words = sagemaker.internal.withoutLibraries([{program}, words]);
    code = sagemaker.internal.shell(sagemaker.internal.commandLine(words));
end
