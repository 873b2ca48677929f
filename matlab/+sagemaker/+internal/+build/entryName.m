function name = entryName()
%ENTRYNAME  Name of the function that answers every route.
    name = 'answerSageMaker';
end
