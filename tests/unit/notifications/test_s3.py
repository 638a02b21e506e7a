from tests.support.samples.notifications import parse_json, read_sample


def test_the_objects_of_one_message_are_listed_in_the_long_text() -> None:
    first, _ = read_sample("s3-object.json")["Records"]
    keys = [f"2026/{number}+a.csv" for number in range(12)]
    said = parse_json({"Records": [first | {"s3": first["s3"] | {"object": {"key": key}}} for key in keys]})
    assert "(+11 more)" in said.summary
    assert said.reason == "\n".join([*(f"2026/{number} a.csv" for number in range(10)), "2 more objects"])


def test_one_object_needs_no_list() -> None:
    assert parse_json({"Records": read_sample("s3-object.json")["Records"][:1]}).reason == ""
