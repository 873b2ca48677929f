function obj = ClassificationTree(properties_)
%CLASSIFICATIONTREE  A fitted classification tree, as fitctree returns it (Octave only).
%   An old-style class: Octave saves and loads its objects, which it cannot do with classdef
%   objects.
    if nargin == 0
        properties_ = struct(fitctree([0; 1], [0; 1]));
    end
    obj = class(properties_, 'ClassificationTree');
end
