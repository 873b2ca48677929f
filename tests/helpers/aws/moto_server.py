"""moto's server of AWS, for code that finds AWS only through its environment."""

import contextlib

import boto3
from moto.server import ThreadedMotoServer

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@contextlib.contextmanager
def aws_server(service, region):
    """Yield an environment that leads to the server, without a Region, and a service's client."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", **CREDENTIALS}
    session = boto3.Session("testing", "testing", region_name=region)
    client = session.client(service, endpoint_url=environment["AWS_ENDPOINT_URL"])
    try:
        yield environment, client
    finally:
        client.close()
        server.stop()
