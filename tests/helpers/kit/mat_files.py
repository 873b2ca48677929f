"""MAT-files as MATLAB and Octave write them with -v6 and -v7, with variables that are 1 by 1."""

import struct
import zlib

_HEADER = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H2s", 0x0100, b"IM")


def mat_file(*names, compressed=True):
    """Return a file with variables of these names."""
    elements = map(_matrix, names)
    return _HEADER + b"".join(map(_compressed, elements) if compressed else elements)


def _matrix(name):
    value = _element(6, struct.pack("<II", 6, 0)) + _element(5, struct.pack("<ii", 1, 1))
    value += _element(1, name.encode()) + _element(9, struct.pack("<d", 1.0))
    return struct.pack("<II", 14, len(value)) + value


def _element(kind, data):
    if kind == 1 and len(data) <= 4:  # a short name is written beside its size
        return struct.pack("<HH4s", kind, len(data), data)
    return struct.pack("<II", kind, len(data)) + data.ljust(-(-len(data) // 8) * 8, b"\0")


def _compressed(element):
    data = zlib.compress(element)
    return struct.pack("<II", 15, len(data)) + data
