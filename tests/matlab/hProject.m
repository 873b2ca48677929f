function text = hProject(testCase, varargin)
%HPROJECT  The sagemaker.yml that fit writes for hEstimator with the options VARARGIN.
    estimator = hEstimator(testCase, varargin{:});
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    text = hKitCall(testCase, 'train project');
end
