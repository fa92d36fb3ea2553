"""Conditions as SQL: the same truth on SQLite and PostgreSQL as `cases.conditions.holds` has in memory.

SQL has three truth values, conditions have two. Negations are therefore carried down to the comparisons first; a plain
comparison may then be NULL, which WHERE takes for false, so `column = value` stays bare and an index can serve it. Only
a negated comparison has to say that a null passes.
"""

from typing import Any, Final

from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.models import Model

from cases.conditions import EVERYTHING, ORDERINGS, All, AnyOf, Compare, Condition, Not, Op, Related, fold, positions
from models.columns import LARGEST_INTEGER, Column, Kind, Parameters, column, quoted
from models.tables import named

TRUE: Final = "1=1"
FALSE: Final = "1=0"

_SYMBOLS: Final = {Op.EQ: "=", Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}
_OPPOSITES: Final = {"=": "<>", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}


def compile(condition: Condition, model: type[Model], parameters: Parameters, table: str = "t0") -> str:
    """A boolean expression over rows of `model`, aliased `table`. Its values are added to `parameters`.

    The names of columns come from the model and everything else is a parameter: nothing of a client's enters the text.

    Raises LookupError for a field the model does not have.
    """
    return _text(condition, False, model, parameters, table)


def _text(condition: Condition, negated: bool, model: type[Model], parameters: Parameters, table: str) -> str:
    match condition:
        case Compare(name, op, value):
            return _comparison(column(model, name), op, value, negated, parameters, table)
        case All(parts):
            return _joined("AND" if not negated else "OR", parts, negated, model, parameters, table)
        case AnyOf(parts):
            return _joined("OR" if not negated else "AND", parts, negated, model, parameters, table)
        case Not(part):
            return _text(part, not negated, model, parameters, table)
        case Related(name, inner):
            return _exists(name, inner, negated, model, parameters, table)


def _joined(
    word: str, parts: tuple[Condition, ...], negated: bool, model: type[Model], parameters: Parameters, table: str
) -> str:
    neutral, decisive = (TRUE, FALSE) if word == "AND" else (FALSE, TRUE)
    already = len(parameters.values)
    texts = [_text(part, negated, model, parameters, table) for part in parts]
    if decisive in texts:
        del parameters.values[already:]  # PostgreSQL takes no values that the text does not mention
        return decisive
    texts = [text for text in texts if text != neutral]
    if not texts:
        return neutral
    return texts[0] if len(texts) == 1 else f"({f' {word} '.join(texts)})"


def _exists(name: str, inner: Condition, negated: bool, model: type[Model], parameters: Parameters, table: str) -> str:
    other, key, own = _joint(name, model)
    if inner == EVERYTHING and "." not in name:
        return _is_null(own, negated, table)  # a foreign key that is there leads to a row
    alias = f"t{int(table[1:]) + 1}"
    further = _text(inner, False, other, parameters, alias)
    text = (
        f"EXISTS (SELECT 1 FROM {quoted(other._meta.db_table)} AS {alias} "
        f"WHERE {alias}.{key.sql} = {table}.{own.sql} AND {further})"
    )
    return f"NOT {text}" if negated else text


def _joint(name: str, model: type[Model]) -> tuple[type[Model], Column, Column]:
    """The table a relation leads to, its column, and the one of `model` that are equal.

    `Table.key` leads the other way, to the rows of `Table` whose foreign key `key` leads here; rules of visibility ask
    so, of rows that nobody holds in memory.
    """
    table_name, _, key = name.rpartition(".")
    start = named(table_name) if table_name else model
    relation = start._meta.fields_map.get(key)
    if not isinstance(relation, ForeignKeyFieldInstance) or (table_name and relation.related_model is not model):
        raise LookupError(f"{model.__name__} has no relation {name}")
    end: type[Model] = relation.related_model
    there, here = column(end, relation.to_field_instance.model_field_name), column(start, str(relation.source_field))
    return (start, here, there) if table_name else (end, there, here)


def _comparison(compared: Column, op: Op, value: Any, negated: bool, parameters: Parameters, table: str) -> str:
    match op:
        case Op.IS_NULL:
            return _is_null(compared, bool(value) is not negated, table)
        case Op.NIN:
            return _comparison(compared, Op.IN, value, not negated, parameters, table)
    if value is None:
        return TRUE if negated else FALSE
    if compared.kind is Kind.OPAQUE:
        raise LookupError(f"{compared.name} can only be compared with null")
    positive = _plain_comparison(compared, op, value, negated, parameters, table)
    if negated and compared.nullable and positive != TRUE:
        return f"({positive} OR {table}.{compared.sql} IS NULL)"
    return positive


def _is_null(compared: Column, null: bool, table: str) -> str:
    if not compared.nullable:
        return FALSE if null else TRUE
    return f"{table}.{compared.sql} IS NULL" if null else f"{table}.{compared.sql} IS NOT NULL"


def _plain_comparison(compared: Column, op: Op, value: Any, negated: bool, parameters: Parameters, table: str) -> str:
    """The comparison, or its opposite, of a column that is not null."""
    operand = compared.read(table, parameters.dialect)
    match op:
        case Op.CONTAINS:
            return _contains(operand, fold(str(value)), negated, parameters)
        case Op.IN:
            return _one_of(compared, [one for one in value if one is not None], negated, parameters, table)
        case Op.EQ:
            pass
        case _ if compared.kind is Kind.WORD:
            # members that stand on the right side of the value: an index on the column serves this, a CASE has none
            ranks = positions(type(compared.words[0]))
            pivot = ranks[type(compared.words[0])(value)]
            chosen = [word for word in compared.words if ORDERINGS[op](ranks[word], pivot)]
            return _one_of(compared, chosen, negated, parameters, table)
        case _:
            operand = compared.ordered(table, parameters.dialect)
    stored = compared.stored(value)
    if compared.kind is Kind.INTEGER and not -LARGEST_INTEGER - 1 <= stored <= LARGEST_INTEGER:
        return _is_null_or_not(compared, ORDERINGS[op](0, stored) is not negated, table)
    symbol = _SYMBOLS[op]
    return f"{operand} {_OPPOSITES[symbol] if negated else symbol} {parameters.operand(compared, stored)}"


def _is_null_or_not(compared: Column, always: bool, table: str) -> str:
    """A comparison with a number beyond every column: true of each value or of none."""
    return _is_null(compared, False, table) if always else FALSE


def _one_of(compared: Column, values: list[Any], negated: bool, parameters: Parameters, table: str) -> str:
    operand = compared.read(table, parameters.dialect)
    stored = [compared.stored(value) for value in values]
    if compared.kind is Kind.INTEGER:
        stored = [number for number in stored if -LARGEST_INTEGER - 1 <= number <= LARGEST_INTEGER]
    if not stored:
        return TRUE if negated else FALSE
    if len(stored) == 1:
        return f"{operand} {'<>' if negated else '='} {parameters.operand(compared, stored[0])}"
    several = parameters.any_of(compared, stored)
    if parameters.dialect == "postgres":
        return f"{operand} <> ALL({several})" if negated else f"{operand} = ANY({several})"
    return f"{operand} {'NOT IN' if negated else 'IN'} {several}"


def _contains(operand: str, needle: str, negated: bool, parameters: Parameters) -> str:
    found = parameters.add(needle)
    if parameters.dialect == "postgres":
        return f'strpos(lower({operand} COLLATE "C"), {found}) {"=" if negated else ">"} 0'
    return f"instr(lower({operand}), {found}) {'=' if negated else '>'} 0"
