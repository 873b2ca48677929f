"""Training: the job as it should be, the attempts at it that AWS has, and the trained model."""
