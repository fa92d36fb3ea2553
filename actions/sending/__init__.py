"""Sending: the doors to other machines. Nothing here knows of cases or tables."""
