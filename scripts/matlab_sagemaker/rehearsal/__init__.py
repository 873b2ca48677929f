"""Tries a project on the author's machine: one training and one request, without AWS.

stage.py makes a folder like /opt/ml, engine.py runs MATLAB or GNU Octave on it, outcome.py reads
the result, and verdict.py and faults.py say what is wrong, and on which line. inspection.py is
the command `check`, which runs no code.
"""
