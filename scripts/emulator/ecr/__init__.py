"""ECR: its API, the registry behind it, and the two places where a registry keeps its bytes.

How an image is found by its URI, to be run, is in containers/images.py.
"""
