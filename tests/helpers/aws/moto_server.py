"""moto's server of AWS, for what is told of AWS by its environment alone."""

import contextlib

import boto3
from moto.server import ThreadedMotoServer

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@contextlib.contextmanager
def aws_server(service, region):
    """Yield the environment that finds the server, without a Region, and a client of a service."""
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
