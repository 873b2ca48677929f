"""The web server: requests in, answers out, and the emulator's start and end.

gateway.py decides who answers: sagemaker/ or moto.
"""
