function products = mergeProducts(products, needed, isTrained)
%MERGEPRODUCTS  Add the products that the handler needs to those of the training.
%   PRODUCTS = mergeProducts(PRODUCTS, NEEDED, ISTRAINED) is for matlab.products in sagemaker.yml.
%   The products are part of the training: if ISTRAINED, they stay, and a message names what is
%   missing.
    missing = reshape(setdiff(needed, products), 1, []);
    if isTrained && ~isempty(missing)
        fprintf(['The handler needs %s, which the training did not, so it is not in ' ...
                 'matlab.products of sagemaker.yml. A workflow can compile the handler only if ' ...
                 'it is listed there: add it and train again.\n'], ...
                strjoin(missing, ', '));
    else
        products = [reshape(products, 1, []), missing];
    end
end
