"""IAM and STS: what policies allow, whom roles trust, and when sessions end.

policies.py evaluates policies, and conditions.py their conditions. verdict.py combines all policies
that apply to a request; judge.py uses it for every request. requests/ finds the actions and
resources of a request.
"""
