from benchmarks.measuring import interleave, ratios, spread
from benchmarks.tables import Spread


def test_all_take_turns_in_each_round() -> None:
    order: list[str] = []

    def act(name: str, figure: float) -> float:
        order.append(name)
        return figure

    samples = interleave({"a": lambda: act("a", 1.0), "b": lambda: act("b", 2.0)}, 2)
    assert order == ["a", "b", "a", "b"]
    assert samples == {"a": [1.0, 1.0], "b": [2.0, 2.0]}


def test_a_spread_has_the_middle_half() -> None:
    assert spread([5.0, 1.0, 2.0, 3.0, 4.0]) == Spread(3.0, 2.0, 4.0)
    assert spread([7.0]) == Spread(7.0, 7.0, 7.0)


def test_a_ratio_compares_figures_of_the_same_round() -> None:
    # The second round was slow for both.
    assert ratios({"base": [1.0, 10.0], "other": [2.0, 20.0]}, "base")["other"] == Spread(2.0, 2.0, 2.0)
