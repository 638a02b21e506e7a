from demo.slack.conversations import Conversations
from demo.slack.limits import Posting


def test_a_reply_to_a_reply_is_in_the_same_thread() -> None:
    conversations = Conversations()
    root = conversations.post("C1", Posting(text="a"), 1.0)
    reply = conversations.post("C1", Posting(text="b", thread_ts=root.ts), 1.0)
    last = conversations.post("C1", Posting(text="c", thread_ts=reply.ts), 1.0)
    assert (reply.thread_ts, last.thread_ts) == (root.ts, root.ts)
    assert len({root.ts, reply.ts, last.ts}) == 3


def test_a_reply_to_a_deleted_or_unknown_message_is_a_message_of_its_own() -> None:
    conversations = Conversations()
    root = conversations.post("C1", Posting(text="a"), 1.0)
    conversations.delete("C1", root.ts)
    for channel, ts in (("C1", root.ts), ("C2", root.ts), ("C1", "9.9")):
        reply = conversations.post(channel, Posting(text="b", thread_ts=ts, is_broadcast=True), 2.0)
        assert (reply.thread_ts, reply.is_broadcast) == ("", False)
    assert root not in conversations.history("C1")
