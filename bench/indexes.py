"""Indexes of generated notices, kept in var/bench so that the large ones are filled once."""

import hashlib
import time
from pathlib import Path

from bench.scratch import ROOT

FOLDER = ROOT / "var" / "bench"


def filled(size: int):
    """Return the engine over an index of `size` notices; one of this very code is taken from the folder.

    Prints what filling cost: documents per second, processor time and bytes of each.
    """
    from bench import notices  # noqa: PLC0415 (after Django is set up)
    from search import text  # noqa: PLC0415
    from search.engines import tantivy_schema  # noqa: PLC0415
    from search.engines.tantivy import TantivyEngine  # noqa: PLC0415

    generator = hashlib.sha256(Path(notices.__file__).read_bytes()).hexdigest()[:12]
    name = f"notices-{size}-{tantivy_schema.VERSION}-{text.VERSION}-{generator}"
    engine = TantivyEngine(FOLDER / name)
    status = engine.status()
    if status.current and status.documents == size:
        print(f"\n{size} 篇：用 var/bench 里已有的索引，每篇 {status.bytes / size:.0f} 字节")
        return engine
    begun, worked = time.perf_counter(), time.process_time()
    with engine.rebuild() as generation:
        generation.add(notices.notices(size))
    took, work = time.perf_counter() - begun, time.process_time() - worked
    status = engine.status()
    print(
        f"\n{size} 篇：建索引 {took:.0f} 秒，{size / took:.0f} 篇/秒"
        f"（每篇 {work / size * 1e6:.0f} 微秒处理器时间，{status.bytes / size:.0f} 字节）"
    )
    return engine
