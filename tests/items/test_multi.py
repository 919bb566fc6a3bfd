"""Multi: any number of options is right, marked by a named policy."""

import pytest
import yaml
from pydantic import ValidationError

from app.items import FormatError
from app.items.portable import Choice
from app.items.types.multi import POLICIES, Policy
from tests.items.samples import CHOICE, changed, drawn

SAMPLE = CHOICE["multi"]  # flash and cache are right; linformer and window are wrong


@pytest.mark.parametrize(
    ("ticked", "net", "all_or_nothing", "per_option"),
    [
        ("flash cache", 1, 1, 1),
        ("flash", 0.5, 0, 0.75),
        ("flash cache window", 0.5, 0, 0.75),
        ("flash window", 0, 0, 0.5),
        ("window linformer", 0, 0, 0),
        ("flash cache window linformer", 0, 0, 0.5),
    ],
)
def test_the_mark_follows_the_policy(ticked: str, net: float, all_or_nothing: float, per_option: float) -> None:
    kind, _, variant = drawn(SAMPLE)
    response = {"choice": [handle for handle, key in variant.handles.items() if key in ticked.split()]}
    expected: dict[Policy, float] = {"net_correct": net, "all_or_nothing": all_or_nothing, "per_option": per_option}
    for policy, score in expected.items():
        item = changed(SAMPLE, policy=policy)
        assert kind.grade(item, variant, kind.parse(item, variant, response)).score == pytest.approx(score), policy


def test_net_is_the_policy_unless_another_is_named() -> None:
    kind, item, variant = drawn(SAMPLE)
    assert kind.ask(item, variant, "en").hint == POLICIES["net_correct"]
    assert kind.explain(item, variant, {}, kind.grade(item, variant, frozenset()), "zh").policy.startswith("净得分")


def test_nothing_ticked_is_handed_back() -> None:
    kind, item, variant = drawn(SAMPLE)
    with pytest.raises(FormatError, match="Tick at least one"):
        kind.parse(item, variant, {"choice": [""]})


def test_a_tick_sent_twice_counts_once() -> None:
    kind, item, variant = drawn(SAMPLE)
    twice = kind.right(item, variant)["choice"] * 2
    assert kind.grade(item, variant, kind.parse(item, variant, {"choice": twice})).score == 1


def test_one_bug_is_named_and_two_are_not() -> None:
    kind, item, variant = drawn(SAMPLE)
    assert kind.grade(item, variant, frozenset({"flash", "linformer"})).mutant == "heads_summed"
    options = yaml.safe_load(SAMPLE)["options"]
    both = changed(SAMPLE, options=[*options[:2], options[2] | {"mutant": "no_scale"}, options[3]])
    assert kind.grade(both, variant, frozenset({"window", "linformer"})).mutant is None


@pytest.mark.parametrize(("policy", "off"), [("net_correct", -0.5), ("all_or_nothing", -1), ("per_option", -0.5)])
def test_the_portable_shares(policy: str, off: float) -> None:
    kind, _, variant = drawn(SAMPLE)
    portable = kind.portable(changed(SAMPLE, policy=policy), variant, "en")
    assert isinstance(portable, Choice) and portable.several
    assert [one.share for one in portable.options] == [off, 0.5, off, 0.5]


@pytest.mark.parametrize("right", [True, False])
def test_all_or_none_right_is_refused(right: bool) -> None:
    options = [one | {"right": right, "mutant": None} for one in yaml.safe_load(SAMPLE)["options"]]
    with pytest.raises(ValidationError, match="at least one"):
        changed(SAMPLE, options=options)
