function tf = isOctave()
%ISOCTAVE  True on GNU Octave, false on MATLAB.
    tf = exist('OCTAVE_VERSION', 'builtin') ~= 0;
end
