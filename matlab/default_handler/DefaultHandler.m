classdef DefaultHandler < sagemaker_inference.DefaultInferenceHandler
%DEFAULTHANDLER  What answers where sagemaker.yml names no handler: DefaultInferenceHandler.
%   See also sagemaker_inference.DefaultInferenceHandler.
end
