import pytest

from tests.support.samples.notifications import changed_detail, read_sample

INFORMATION = read_sample("codebuild-failed.json")["detail"]["additional-information"]
LOG = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home#logs"


def test_the_duration_is_the_sum_of_the_phases() -> None:
    said = changed_detail("codebuild-failed.json")
    assert dict(said.facts)["Duration"] == "3 min 33 s"


@pytest.mark.parametrize(("link", "words"), [(LOG, ["Open build", "Logs"]), ("https://evil.example", ["Open build"])])
def test_only_a_log_in_the_console_is_a_link(link: str, words: list[str]) -> None:
    fields = {"additional-information": INFORMATION | {"logs": {"deep-link": link}}}
    said = changed_detail("codebuild-failed.json", **fields)
    assert [one.words for one in said.links] == words


def test_a_build_that_succeeded_has_no_phase() -> None:
    phases = [phase | {"phase-status": "SUCCEEDED"} for phase in INFORMATION["phases"]]
    fields = {"additional-information": INFORMATION | {"phases": phases}, "build-status": "SUCCEEDED"}
    assert changed_detail("codebuild-failed.json", **fields).summary == "build succeeded"
