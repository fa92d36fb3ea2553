"""What one operation carries: who asks, when, and the batches it collects. Made anew for each, on sockets too."""

from asyncio import shield
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from cases.viewer import Viewer
from schema.transport.errors import Unauthenticated
from settings import Limits

if TYPE_CHECKING:
    from schema.live.hub import Hub


class Batch(DataLoader[Any, Any]):
    """A batch whose answers belong to all who asked.

    graphql-core cancels what it waits for when a field beside it fails; others may wait for the same row.
    """

    def load(self, key: Any) -> Awaitable[Any]:
        return shield(super().load(key))


@dataclass
class Context:
    """One operation's context. `now` is the instant at which everything in it happens."""

    caller: Viewer | None
    now: datetime
    limits: Limits
    cursor_secret: bytes
    hub: "Hub | None" = None
    loaders: dict[Hashable, DataLoader[Any, Any]] = field(default_factory=dict)

    @property
    def viewer(self) -> Viewer:
        """Who asks. Raises Unauthenticated for nobody."""
        if self.caller is None:
            raise Unauthenticated("Sign in first: send a bearer token or an API key.")
        return self.caller

    def loader(self, key: Hashable, load: Callable[[list[Any]], Awaitable[Sequence[Any]]]) -> DataLoader[Any, Any]:
        """The batch called `key`: what is asked of it in one turn is fetched by one call of `load`."""
        loader = self.loaders.get(key)
        if loader is None:
            loader = self.loaders[key] = Batch(load_fn=load)
        return loader

    def forget(self) -> None:
        """Empties all batches; after a write, what was read before it may be stale."""
        self.loaders.clear()


Info = StrawberryInfo[Context, None]
