"""The read API, version 1: what an edition's pages show, as JSON. It is public, without keys, and read-only.

`schemas` defines the contents of the answers, `endpoints` the operations and their parameters, `urls` the addresses.
The OpenAPI document at /api/v1/openapi.json is generated from them.
"""
