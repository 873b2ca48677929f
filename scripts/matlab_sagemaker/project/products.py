"""The products of MathWorks that sagemaker.yml may name."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

# Source: https://github.com/mathworks-ref-arch/matlab-dockerfile (mpm-input-files/R2026a)
PRODUCTS = (Path(__file__).parent / "products.txt").read_text(encoding="utf-8").split()
# As MATLAB's messages name them, longer ones first: Simulink 3D Animation before Simulink.
TITLES = sorted((n.replace("_", " ") for n in PRODUCTS if n != "MATLAB"), key=len, reverse=True)


def named(value: Any) -> str:
    """Convert a product's name to mpm's form; raise ValueError if there is no such product."""
    name = value.replace(" ", "_") if isinstance(value, str) else value
    if name not in PRODUCTS:
        raise ValueError(
            f"a product of MathWorks as MATLAB's `ver` or mpm names it{_near(str(name))}"
        )
    return str(name)


def _near(name: str) -> str:
    """Suggest a product with a similar name, ignoring the word Toolbox."""
    known = {_bare(product): product for product in PRODUCTS}
    near = difflib.get_close_matches(_bare(name), known, 1, cutoff=0.75)
    return f"; did you mean '{known[near[0]].replace('_', ' ')}'?" if near else ""


def _bare(name: str) -> str:
    return name.lower().removesuffix("_toolbox")


def that_fit(names: list[str]) -> list[str]:
    """Check the products' total length: a job gets them in one variable of 512 characters."""
    if len(" ".join({"MATLAB", *names})) > 512:
        raise ValueError("products whose names have at most 512 characters in all")
    return names
