function display(obj)
%DISPLAY  The model as a statement without a semicolon shows it.
    fprintf('%s =\n', inputname(1));
    disp(obj);
end
