function prepareEngine()
%PREPAREENGINE  Settings of the engine that a job needs; none on MATLAB.
%   GNU Octave would write a core file of its workspace when SageMaker stops the job.
    if exist('sigterm_dumps_octave_core', 'builtin')
        feval('sigterm_dumps_octave_core', false);
    end
end
