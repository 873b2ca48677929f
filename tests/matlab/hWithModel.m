function handler = hWithModel(inner, model)
%HWITHMODEL  INNER, whose load_model gives MODEL: Octave saves no function handles.
    handler = ModelHandler();
    handler.Inner = inner;
    handler.Given = model;
end
