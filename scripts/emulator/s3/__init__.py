"""S3 over moto's: conditional writes, and checksums that S3 computes itself."""
