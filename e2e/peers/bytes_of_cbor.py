"""Lets the reader of OpenAPI send bytes where the description says that CBOR is sent."""

import schemathesis


@schemathesis.serializer("application/cbor")
def as_bytes(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()
