"""Tortoise's two database clients, with the waits bounded and the cancellations safe."""
