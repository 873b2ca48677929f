function tf = istable(value)
%ISTABLE  True for a table (Octave only).
    tf = isa(value, 'table');
end
