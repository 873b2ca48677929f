"""The HTTP server of an Octave inference container: SageMaker outside, Octave workers inside."""
