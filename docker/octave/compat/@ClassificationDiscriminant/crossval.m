function model = crossval(obj, varargin)
%CROSSVAL  The model's settings fitted on each k-1 of k stratified folds.
%   MODEL = CROSSVAL(DISCRIMINANT, 'KFold', 10) or CROSSVAL(DISCRIMINANT, 'Leaveout', 'on')
    model = octave_compat.crossValidated(struct(obj), @fitcdiscr, varargin);
end
