function array = table2array(T)
%TABLE2ARRAY  All variables of a table side by side, when they are of one kind (Octave only).
    array = T{:, :};
end
