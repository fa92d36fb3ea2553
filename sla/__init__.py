"""Promises about time: calendars, and the clocks that run by them.

Pure: values in, values or refusals out. Nothing here reads a clock, a table or the network; instants come in as
arguments.
"""
