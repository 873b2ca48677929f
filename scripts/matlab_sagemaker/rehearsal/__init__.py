"""A try on the author's machine: one training and one answer, without AWS, image or emulator.

stage.py lays a folder out like /opt/ml, engine.py starts MATLAB or GNU Octave on it, outcome.py
reads what that leaves, verdict.py and faults.py say what is wrong with it, and on which line.
inspection.py has what `check` looks at without running anything.
"""
