"""Acts: load, ask the pure part, record. An act's signature is its input, its docstring what clients read."""
