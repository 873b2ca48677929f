"""AWS: sign in, find, apply a plan, follow logs. The only boto3 in the kit.

Every failure leaves as a KitError. Which AWS it talks to is boto3's business (AWS_ENDPOINT_URL).
Only one thing asks which it is: a folder image, which only the emulator can run, is not sent to
Amazon.
"""
