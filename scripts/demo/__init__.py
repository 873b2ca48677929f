"""Take the example from training to prediction on the emulator, without AWS, MATLAB or Docker.

It runs the verbs as the actions do: as processes, told where they are by AWS_ENDPOINT_URL and test
credentials alone. The emulator stays up afterwards, so a second run finds everything there. All
that is written lies in .demo/ beside the kit's README.
"""
