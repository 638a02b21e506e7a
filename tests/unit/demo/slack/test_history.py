from demo.slack.conversations import Conversations
from demo.slack.history import history_lines
from demo.slack.limits import Posting


def test_a_history_has_a_line_for_each_message_and_each_edit() -> None:
    conversations = Conversations()
    root = conversations.post("C1", Posting(text="ALARM cpu\nmore"), 1.0)
    conversations.post("C1", Posting(text="OK cpu", thread_ts=root.ts), 2.0)
    conversations.post("C1", Posting(text="ALARM cpu", thread_ts=root.ts, is_broadcast=True), 3.0)
    root.edits.append(Posting(text="resolved"))
    assert list(history_lines(conversations.history("C1"))) == [
        "ALARM cpu",
        "  edited to: resolved",
        "  └ in the thread: OK cpu",
        "  └ in thread and channel: ALARM cpu",
    ]
