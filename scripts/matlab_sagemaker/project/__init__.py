"""The user's project: sagemaker.yml, the folders that it names, and what images are made of.

content.py gathers all of it once. Nothing here talks to AWS, GitHub or Docker; it only reads files
and runs git.
"""
