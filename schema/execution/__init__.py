"""The fast read path: whole levels of an operation at once, with graphql-core as the reference for everything else.

    plan     chosen (what graphql-core collects) → given, shown, parts (what a plan consists of) → plan (makes it)
    fetch    fetch (statements) → pages (of connections)
    assemble leaves (single values) → assemble (whole levels)
    run      walks a plan: fetches for each level, assembles it, goes on to the next; reads.py is the door

Queries are answered whole (`FastReads.data` in reads.py). Of mutations and subscriptions the selection under what each
root field gave is: `FastReads.completed`, which payloads.py hooks into the executor, so that neither acts nor streams
of events call anything of this package. A resolver gives rows, or objects with rows in them, and that is all.
"""
