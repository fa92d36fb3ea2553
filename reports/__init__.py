"""Reports: figures of what happened, read from the same ledgers the engine writes. Nothing here changes anything."""
