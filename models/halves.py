"""Conditions on rows of which it is known whether a column is null."""

from cases.conditions import EVERYTHING, NOTHING, All, AnyOf, Compare, Condition, Not, Op

_BOUNDS = (Op.GT, Op.GTE, Op.LT, Op.LTE)


def is_bounded(condition: Condition, name: str) -> bool:
    """Whether the column is asked to lie above or below something."""
    match condition:
        case Compare(field, op, _):
            return field == name and op in _BOUNDS
        case All(parts) | AnyOf(parts):
            return any(is_bounded(part, name) for part in parts)
        case Not(part):
            return is_bounded(part, name)
        case _:
            return False


def assuming(condition: Condition, name: str, *, null: bool) -> Condition:
    """What is left to be asked of rows in which the column `name` is null, or of those in which it is not."""
    match condition:
        case Compare(field, Op.IS_NULL, asked) if field == name:
            return EVERYTHING if bool(asked) is null else NOTHING
        case Compare(field, op, _) if field == name and null:
            return EVERYTHING if op is Op.NIN else NOTHING
        case All(parts):
            return All(tuple(assuming(part, name, null=null) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(assuming(part, name, null=null) for part in parts))
        case Not(part):
            return Not(assuming(part, name, null=null))
        case _:
            return condition
