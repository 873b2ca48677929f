"""Extends moto's S3 by conditional writes, and by checksums that S3 computes itself."""
