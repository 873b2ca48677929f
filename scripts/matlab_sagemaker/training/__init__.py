"""Training: describe the job, find or start an attempt at it, and judge the trained model."""
