from aws_events.sqs_attributes import SqsAttribute, message_size


def test_the_size_is_counted_as_sqs_does() -> None:
    binary: SqsAttribute = {"DataType": "Binary", "BinaryValue": b"\0\1\2"}
    text: SqsAttribute = {"DataType": "String", "StringValue": "é"}
    assert message_size("aé", {"b": binary, "t": text}) == 3 + (1 + 6 + 3) + (1 + 6 + 2)
