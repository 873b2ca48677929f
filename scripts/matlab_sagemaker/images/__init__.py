"""Builds images from a build context (with Docker, or as a folder), checks them and pushes them.

Only this package uses Docker. docker_engine.py connects to the engine and checks what a build
needs, buildx.py builds, sample_job.py and container.py run an image as SageMaker would, push.py
sends it to a registry, and publish.py does all of this in order. folder.py works without Docker.
"""
