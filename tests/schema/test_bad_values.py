"""What clients read of values that the schema cannot take."""

import pytest

from schema.graph import build_schema

SCHEMA = build_schema(fast_reads=False)
FORM = "A DateTime is written as in 2026-03-02T09:00:00Z, with an offset."


@pytest.mark.parametrize("value", ["tomorrow", "2026-03-02", "2026-03-02T09:00:00"])
async def test_what_is_wrong_with_an_instant_is_said_whichever_way_it_came(value):
    literal = f'{{ cases(where: {{createdAt: {{gt: "{value}"}}}}) {{ totalCount }} }}'
    variable = "query ($w: CaseWhere) { cases(where: $w) { totalCount } }"

    by_literal = (await SCHEMA.execute(literal)).errors
    by_variable = (await SCHEMA.execute(variable, variable_values={"w": {"createdAt": {"gt": value}}})).errors

    assert [error.message for error in by_literal] == [FORM]
    assert [error.message for error in by_variable] == [f"Variable '$w' has invalid value at .createdAt.gt: {FORM}"]
