"""Content: what a file really is, whatever its name and its sender say of it. Nothing here decodes or renders."""
