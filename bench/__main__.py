"""Run one benchmark by name, or all of them."""

import runpy
import sys

NAMES = ("search", "indexing", "exactness", "relevance", "pages", "alerts", "sign_off")


def main() -> None:
    wanted = sys.argv[1:2] if sys.argv[1:2] and sys.argv[1] in NAMES else list(NAMES)
    options = sys.argv[2:] if sys.argv[1:2] and sys.argv[1] in NAMES else []
    if sys.argv[1:] and sys.argv[1] not in NAMES:
        sys.exit(f"没有这项性能测试：{sys.argv[1]}。可选：{' '.join(NAMES)}")
    for name in wanted:
        sys.argv = [f"bench.{name}", *options]
        runpy.run_module(f"bench.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
