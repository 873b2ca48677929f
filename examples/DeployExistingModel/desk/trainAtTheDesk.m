function model = trainAtTheDesk(file)
%TRAINATTHEDESK  Fit a linear discriminant to Fisher's iris, and save it as models/discriminant.mat.
%   MODEL = trainAtTheDesk() fits fitcdiscr to data/iris.csv of this example and saves the variable
%   model. MODEL = trainAtTheDesk(FILE) saves it as FILE.
%
%   MODEL is a struct, which MATLAB and GNU Octave save and load alike; an object of a toolbox's
%   class would be loaded by the engine alone that has saved it:
%       PredictorNames - 1 x 4 cell
%       ResponseName   - 'species'
%       ClassNames     - 3 x 1 cell
%       Mu             - classes x predictors, the means
%       Sigma          - predictors x predictors, the covariance within the classes
%       Prior          - 1 x classes, probabilities
%   See also DiscriminantInferenceHandler.
    root = fileparts(fileparts(mfilename('fullpath')));
    if nargin < 1
        file = fullfile(root, 'models', 'discriminant.mat');
    end
    fitted = fitcdiscr(readtable(fullfile(root, 'data', 'iris.csv')), 'species');
    fprintf('resubstitution accuracy: %.4f\n', 1 - resubLoss(fitted));
    model = struct('PredictorNames', {fitted.PredictorNames(:)'}, ...
                   'ResponseName', fitted.ResponseName, ...
                   'ClassNames', {cellstr(fitted.ClassNames)}, ...
                   'Mu', fitted.Mu, ...
                   'Sigma', fitted.Sigma, ...
                   'Prior', fitted.Prior(:)');
    save(file, 'model', '-v7');
end
