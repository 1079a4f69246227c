"""Make a pool and a lock for a module, whatever it imports, and lend an instance."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path
from typing import Any


class Imports:
    """Functions of any name, which fail."""

    def __getattr__(self, name: str) -> Any:
        def fail(*_: object) -> None:
            raise NotImplementedError(name)

        return fail


for base in sys.argv[1:]:
    wasm = Path(f"{base}.wasm").read_bytes()
    for kind, name in (("pool", "Pool"), ("lock", "Shared")):
        owner = getattr(importlib.import_module(f"{base}_{kind}"), name)
        wanted = inspect.signature(owner).parameters
        given = {"imports": Imports(), "define": lambda linker, store: None}
        chosen = {key: value for key, value in given.items() if key in wanted}
        with owner(wasm, **chosen) as made, made.use():
            pass
