"""Runs a trained model's graph. Rasa plans it anew with dask for every message; here each target's order is planned
once, and then it is one call after the other.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class PlannedRunner(GraphRunner):
    """The same results as the DaskGraphRunner whose loaded parts it takes over."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[str, list[tuple[str, GraphNode, list[str]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> PlannedRunner:
        """A runner that loads the parts itself."""
        return cls.of(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    @classmethod
    def of(cls, runner: DaskGraphRunner) -> PlannedRunner:
        """A runner with the parts of `runner`. Raises RuntimeError if Rasa's runner keeps them elsewhere by now."""
        schema, nodes = getattr(runner, "_graph_schema", None), getattr(runner, "_instantiated_nodes", None)
        if not isinstance(schema, GraphSchema) or not isinstance(nodes, dict):
            raise RuntimeError("Rasa's graph runner is put together differently from 3.6")
        return cls(schema, nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets`, by name, for `inputs`, the values of the placeholders."""
        outputs: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        wanted = targets or self._schema.target_names
        for target in wanted:
            for name, node, needs in self._plan(target):
                if name not in outputs:
                    # A placeholder without a value is passed by name, as dask does; the node says what is missing.
                    outputs[name] = node(*(outputs.get(need, need) for need in needs))
        return {target: outputs[target][1] for target in wanted}

    def _plan(self, target: str) -> list[tuple[str, GraphNode, list[str]]]:
        if target not in self._plans:
            order: list[str] = []
            self._visit(target, order, ())
            self._plans[target] = [
                (name, self._nodes[name], list(self._schema.nodes[name].needs.values())) for name in order
            ]
        return self._plans[target]

    def _visit(self, name: str, order: list[str], path: tuple[str, ...]) -> None:
        if name in path:
            raise GraphRunError(f"the graph runs in a circle at {name}")
        if name in order or name not in self._schema.nodes:
            return
        for need in self._schema.nodes[name].needs.values():
            self._visit(need, order, (*path, name))
        order.append(name)
