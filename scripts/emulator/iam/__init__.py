"""IAM and STS: what policies allow, whom roles trust, and when sessions end.

policies.py is the one evaluator of policies, conditions.py that of their conditions, verdict.py
weighs all policies about a request, and judge.py asks it about each; requests/ says what one asks.
"""
