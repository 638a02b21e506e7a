import pytest

from record_batch.batch_response import Undelivered, batch_response


def test_the_response_names_each_record_that_failed() -> None:
    assert batch_response([], of=3) == {"batchItemFailures": []}
    assert batch_response(["m1", "m2"], of=3) == {
        "batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]
    }


def test_records_without_an_id_fail_the_invocation() -> None:
    with pytest.raises(Undelivered, match="2 of 4 records"):
        batch_response(["m1", "", ""], of=4)
