function products = mergeProducts(products, needed, isTrained)
%MERGEPRODUCTS  PRODUCTS of the training with those that the handler needs, as matlab.products.
%   They are part of what is trained: where ISTRAINED they stay, and it is said what is missing.
    missing = reshape(setdiff(needed, products), 1, []);
    if isTrained && ~isempty(missing)
        fprintf(['The handler needs %s, which matlab.products does not name: it is part of ' ...
                 'what was trained. A workflow that compiles the handler needs it there; name ' ...
                 'it, and train again.\n'], strjoin(missing, ', '));
    else
        products = [reshape(products, 1, []), missing];
    end
end
