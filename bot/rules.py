"""Rasa's RulePolicy for conversations of any length: the same predictions, without working out what no rule can see.

Rasa compares every rule with every step of the conversation, once as if the customer's words and once as if their
intent counted. A rule sees as many steps back as it has itself, and words count only where a rule names some.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT

from bot.trackers import applied_events, blank


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class BoundedRulePolicy(RulePolicy):
    """RulePolicy; what is bounded is the work of one prediction. While it is trained it is Rasa's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = [
            json.loads(key)
            for part in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)
            for key in self.lookup.get(part, {})
        ]
        # A policy that is only now to be trained has no rules yet.
        self._steps = max(map(len, rules), default=0)
        self._rules_name_words = any(TEXT in state.get(USER, {}) for rule in rules for state in rule)

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and self._steps and not self._rules_name_words:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if not self._steps:
            return super()._prediction_states(tracker, domain, use_text_for_last_user_input, rule_only_data)
        states = last_states(tracker, domain, self._steps)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        recent_first = list(enumerate(reversed(states)))
        return {
            key
            for key in lookup
            if all(self._is_rule_applicable(key, step, state) for step, state in recent_first)
        }

    @staticmethod
    def format_tracker_states(states: list[State]) -> str:
        """Nothing: Rasa makes this text for its debug log, also when there is none."""
        return ""


def last_states(tracker: DialogueStateTracker, domain: Domain, count: int) -> list[State]:
    """The last `count` of the states that `domain.states_for_tracker_history(tracker)` gives, oldest first."""
    applied = applied_events(tracker)
    # One state before each action and one at the end.
    unseen = sum(event.type_name == ActionExecuted.type_name for event in applied) + 1 - count
    walker = blank(tracker)
    states = []
    for event in applied:
        if event.type_name == ActionExecuted.type_name:
            unseen -= 1
            if unseen < 0:
                states.append(domain.get_active_state(walker))
        event.apply_to(walker)
    states.append(domain.get_active_state(walker))
    return states
