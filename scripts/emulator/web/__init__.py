"""The web server, and the start and end of the emulator.

gateway.py decides whether sagemaker/ or moto answers a request.
"""
