"""ECR: its API, the registry behind it, and the two kinds of storage for its data.

containers/images.py finds images by URI in order to run them.
"""
