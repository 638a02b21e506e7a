import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed_detail


@pytest.mark.parametrize(
    ("run_id", "page"),
    [("jr_1a2b", "#/job/orders-to-parquet/run/jr_1a2b"), (None, "#/editor/job/orders-to-parquet/runs")],
)
def test_a_run_has_a_page_of_its_own(run_id: str | None, page: str) -> None:
    [link] = changed_detail("glue-failed.json", jobRunId=run_id).links
    assert link.url.endswith(page)


def test_a_crawler_without_a_message_says_what_it_is() -> None:
    fields = {"jobName": None, "crawlerName": "orders", "message": None, "errorMessage": None}
    said = changed_detail("glue-failed.json", **fields)
    assert (said.title, said.summary, said.links) == ("Glue orders", "job failed", ())


def test_a_job_that_timed_out_has_failed() -> None:
    assert changed_detail("glue-failed.json", state="TIMEOUT").status is Status.FIRING
