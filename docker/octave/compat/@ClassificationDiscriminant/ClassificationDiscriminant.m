function obj = ClassificationDiscriminant(properties_)
%CLASSIFICATIONDISCRIMINANT  A fitted linear discriminant, as fitcdiscr returns it (Octave only).
%   An old-style class: Octave saves and loads its objects.
    if nargin == 0
        properties_ = struct(fitcdiscr([0; 1; 1; 2], [0; 0; 1; 1]));
    end
    obj = class(properties_, 'ClassificationDiscriminant');
end
