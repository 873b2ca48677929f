"""Take the example from training to prediction on the emulator, without AWS, MATLAB or Docker.

It runs the verbs as the actions do, as processes, which find the emulator only through
AWS_ENDPOINT_URL and test credentials. The emulator keeps running afterwards, so a second run finds
the results of the first. All files are in .demo/ beside the kit's README.
"""
