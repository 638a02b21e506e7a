from tests.support.samples.notifications import changed_detail


def test_a_job_links_to_its_log_stream() -> None:
    links = {link.words: link.url for link in changed_detail("batch-failed.json").links}
    assert "$252Faws$252Fbatch$252Fjob/log-events/" in links["Logs"]
    assert "Logs" not in {link.words for link in changed_detail("batch-failed.json", container={}).links}
