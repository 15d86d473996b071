"""How compiled functions are put together: what Python calls becomes machine code once, with all that it calls in it.

Numba by itself makes machine code of every function and, above it, works through the whole of it again with each function that
calls it; for a hundred functions on top of each other that is most of the time a first start takes. A `Part` is only translated;
an entry takes in its parts, and theirs, and is optimised as one. Of numba this uses the pipelines it offers for extension
(https://numba.readthedocs.io/en/stable/extending/compiler.html) and the library class they write to, of the locked version.
"""

from pathlib import Path
from typing import Any

import numba
from numba.core.codegen import CodeLibrary, JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering


class Part(CPUDispatcher):
    """A compiled function that only compiled code may call: it has no machine code of its own."""

    def __call__(self, *_: object, **__: object) -> object:
        raise TypeError(f"{self.py_func.__name__} is part of compiled code; what Python calls has to be an @entry")


class _NoEnvironment:
    """Takes the place of the engine, which does not know parts: what a function keeps for raising errors is never looked up."""

    @staticmethod
    def set_env(name: str, env: object) -> None:
        """Keep nothing."""


class _PartLibrary(JITCodeLibrary):
    """Code that waits to be taken in."""

    codegen = _NoEnvironment

    def finalize(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0


class _EntryLibrary(JITCodeLibrary):
    """Code with everything it calls, each part once."""

    def add_linking_library(self, library: CodeLibrary) -> None:
        if library in self._linking_libraries:
            return
        super().add_linking_library(library)
        if isinstance(library, _PartLibrary):
            for other in library._linking_libraries:
                self.add_linking_library(other)

    def _optimize_final_module(self) -> None:
        # The parts come in as they were translated. What is small only after a first round goes into its callers in the second:
        # with one round the search takes 12 % fewer steps a second than numba's own way gives, with two as many.
        super()._optimize_final_module()
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class _Open(LoweringPass):
    """Lay out the library that the next pass writes into."""

    code: type[JITCodeLibrary] = JITCodeLibrary

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        state["library"] = code = self.code(state.targetctx.codegen(), state.func_id.func_qualname)
        code.enable_object_caching()
        _note(state.func_id)
        return True


@register_pass(mutates_CFG=False, analysis_only=False)
class _OpenPart(_Open):
    _name = "open_part"
    code = _PartLibrary


@register_pass(mutates_CFG=False, analysis_only=False)
class _OpenEntry(_Open):
    _name = "open_entry"
    code = _EntryLibrary


def _note(function: Any) -> None:
    """Leave an empty file that tells another process how far compiling is."""
    try:
        folder = Path(numba.config.CACHE_DIR)  # type: ignore[attr-defined]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{function.modname.rpartition('.')[2]}.{function.func_name}.begun").touch()
    except OSError:
        pass  # nothing can be kept there: each process compiles for itself, and nobody waits for this one


def _with(opening: type[_Open], state: Any) -> list[PassManager]:
    passes = DefaultPassBuilder.define_nopython_pipeline(state)
    lowering = next(n for n, (each, _) in enumerate(passes.passes) if each is NativeLowering)
    passes.passes.insert(lowering, (opening, "open the library"))
    passes.finalize()
    return [passes]


class PartCompiler(CompilerBase):
    """Translates a function and leaves it at that."""

    def define_pipelines(self) -> list[PassManager]:
        """Return numba's pipeline with a library that waits."""
        return _with(_OpenPart, self.state)


class EntryCompiler(CompilerBase):
    """Compiles a function with all its parts."""

    def define_pipelines(self) -> list[PassManager]:
        """Return numba's pipeline with a library that takes parts in."""
        return _with(_OpenEntry, self.state)
