"""Coverage: whether one condition holds wherever another does.

As far as it can be told from how they are written: a yes is certain, a no may be ignorance.
"""

from cases.conditions import All, AnyOf, Compare, Condition, Not, Op, Related


def covers(wide: Condition, narrow: Condition) -> bool:
    """Whether `wide` surely holds for every row for which `narrow` does."""
    if wide == narrow:
        return True
    match wide, narrow:
        case _, AnyOf(parts):
            return all(covers(wide, part) for part in parts)
        case _, Compare(field, Op.IN, list() | tuple() as values):
            return _covers_value(wide, narrow) or all(covers(wide, Compare(field, Op.EQ, one)) for one in values)
        case All(parts), _:
            return all(covers(part, narrow) for part in parts)
        case AnyOf(parts), _ if any(covers(part, narrow) for part in parts):
            return True
        case Not(inner), Not(other):
            return covers(other, inner)
        case Not(AnyOf(())), _:
            return True
        case Related(field, inner), Related(other_field, other) if field == other_field:
            return covers(inner, other)
        case _, Not(inner):
            return covers(inner, All(()))  # what holds nowhere is covered by anything
        case _, All(parts):
            return any(covers(wide, part) for part in parts)
        case _:
            return _covers_value(wide, narrow)


def _covers_value(wide: Condition, narrow: Condition) -> bool:
    match wide, narrow:
        case Compare(field, Op.IN, list() | tuple() as values), Compare(other, Op.EQ, value) if field == other:
            return value in values
        case Compare(field, Op.EQ, value), Compare(other, Op.IN, list() | tuple() as values) if field == other:
            return all(one == value for one in values)
        case Compare(field, Op.IS_NULL, False), Compare(other, op, _) if field == other:
            return op not in (Op.NIN, Op.IS_NULL)
        case _:
            return False
