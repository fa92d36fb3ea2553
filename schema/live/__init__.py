"""What happens, told to those who listen: the tail of the outbox, places in it, and what a subscription sends."""
