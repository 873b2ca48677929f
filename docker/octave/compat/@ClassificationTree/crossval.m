function model = crossval(obj, varargin)
%CROSSVAL  The tree's settings fitted on each k-1 of k stratified folds.
%   MODEL = CROSSVAL(TREE, 'KFold', 10) or CROSSVAL(TREE, 'Leaveout', 'on')
    model = octave_compat.crossValidated(struct(obj), @fitctree, varargin);
end
