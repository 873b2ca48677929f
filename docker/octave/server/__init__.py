"""The HTTP server of an Octave inference container, between SageMaker and Octave workers."""
