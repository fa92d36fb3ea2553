"""The schema: every public type, put together once per process."""

from strawberry.schema.config import StrawberryConfig

from schema.hardened import CasegraphSchema
from schema.mirror import MIRRORS
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import SCALARS
from schema.subscriptions import Subscription
from schema.user_errors import user_error_types
from settings import Limits


def build_schema(limits: Limits | None = None, *, in_order: bool = False, fast_reads: bool = True) -> CasegraphSchema:
    """The schema with everything in it that the modules above declare.

    `in_order` sorts it for printing; such a schema is not for execution, because sorting replaces the types that turn
    the names of enums into their members. Without `fast_reads` graphql-core answers everything.
    """
    return CasegraphSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[*(mirror.type for mirror in MIRRORS.values()), *user_error_types()],
        config=StrawberryConfig(scalar_map=SCALARS, sort_schema=in_order),
        limits=limits or Limits(),
        fast_reads=fast_reads and not in_order,
    )


def printed() -> str:
    """The schema as text in a settled order, as `schema.graphql` keeps it."""
    return build_schema(in_order=True).as_str() + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(printed())
