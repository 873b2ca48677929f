"""AWS: find, apply, wait, logs. The only boto3 in the kit; every failure leaves as a KitError.

Which AWS it talks to is boto3's business (AWS_ENDPOINT_URL). One thing alone asks which it is: a
folder image, which only the emulator can run, is not sent to Amazon.
"""
