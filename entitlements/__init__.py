"""Promises about quantity: what a contract grants, which cases it fits, and a ledger of what they took.

Pure: values in, values or refusals out. Nothing here reads a clock, a table or the network; instants come in as
arguments. Quantities are integers of 1/100 term; a term is a case or an hour.
"""
