"""Images: built from a context as a folder or by Docker, checked, and pushed by Docker.

The only Docker in the kit. folder.py needs none; docker.py holds the client and what a build needs,
build.py makes images by buildx, trial.py runs one as SageMaker would, push.py sends it to a
registry, manifests.py knows what SageMaker takes.
"""

from typing import Literal

Builder = Literal["docker", "folder"]
