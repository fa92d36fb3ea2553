"""The schema: every public type, put together once per process."""

from strawberry.schema.config import StrawberryConfig

from schema.hardened import CasegraphSchema
from schema.mirror import MIRRORS
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import SCALARS
from schema.user_errors import user_error_types
from settings import Limits


def build_schema(limits: Limits | None = None) -> CasegraphSchema:
    """The schema with everything in it that the modules above declare."""
    return CasegraphSchema(
        query=Query,
        mutation=Mutation,
        types=[*(mirror.type for mirror in MIRRORS.values()), *user_error_types()],
        config=StrawberryConfig(scalar_map=SCALARS, sort_schema=True),
        limits=limits or Limits(),
    )


if __name__ == "__main__":
    import sys

    sys.stdout.write(build_schema().as_str() + "\n")
