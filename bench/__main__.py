"""`make bench`: all that we promise to be fast at, one after another.

python -m bench            everything
python -m bench.<name>     one of them
"""

import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> None:
    for name in NAMES:
        sys.stdout.write(f"\n== {name}: {(import_module(f'bench.{name}').__doc__ or '').splitlines()[0]}\n")
        sys.stdout.flush()
        import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
