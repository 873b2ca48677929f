"""The launcher's modules lie in a folder of their own in the image."""

import sys

from conftest import KIT

sys.path.append(str(KIT / "docker/inference"))
