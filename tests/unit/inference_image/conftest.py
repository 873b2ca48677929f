"""The launcher's modules are in their own folder in the image."""

import sys

from helpers.kit.paths import KIT

sys.path.append(str(KIT / "docker/inference"))
