function name = engine()
%ENGINE  What runs this session: 'matlab' or 'octave', as for matlab.engine in sagemaker.yml.
    name = 'matlab';
    if isempty(version('-release'))  % only MATLAB has one
        name = 'octave';
    end
end
