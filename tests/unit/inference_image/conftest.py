"""The launcher's modules lie in a folder of their own in the image."""

import sys

from helpers.kit.paths import KIT

sys.path.append(str(KIT / "docker/inference"))
