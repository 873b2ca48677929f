"""The user's project: sagemaker.yml, the folders that it names, and what images are made of.

content.py holds all of it, worked out once. Nothing here talks to AWS, GitHub or Docker; only git
is asked, and files are read.
"""
