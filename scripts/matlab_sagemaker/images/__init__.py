"""Images: built from a build context as a folder or by Docker, checked, and pushed.

The only Docker in the kit. folder.py needs none; engine.py holds the client and what a build needs,
buildx.py makes images, sample_job.py and container.py run one as SageMaker would, push.py sends it
to a registry, publish.py goes the whole way.
"""
