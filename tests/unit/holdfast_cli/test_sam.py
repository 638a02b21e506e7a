from holdfast_cli.sam import override


def test_a_value_with_spaces_is_quoted_for_sam() -> None:
    assert override("RedriveRate", "rate(1 minute)") == 'RedriveRate="rate(1 minute)"'
    assert override("Pace", "quick") == "Pace=quick"
