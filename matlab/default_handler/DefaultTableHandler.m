classdef DefaultTableHandler < sagemaker_inference.TableModelHandler
%DEFAULTTABLEHANDLER  Handler of an endpoint whose sagemaker.yml names TableModelHandler.
%   See also sagemaker_inference.TableModelHandler.
end
