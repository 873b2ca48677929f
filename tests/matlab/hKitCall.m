function value = hKitCall(testCase, name)
%HKITCALL  What hFakeKit has recorded under NAME, such as 'train' or 'deploy project'.
    calls = testCase.TestData.Calls;
    value = calls(name);
end
