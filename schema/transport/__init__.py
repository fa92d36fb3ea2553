"""GraphQL on the wire: HTTP, WebSocket, and everything that is decided before a resolver runs."""
