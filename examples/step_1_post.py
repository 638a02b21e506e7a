"""A plain post to a webhook."""

import requests
from stub_server import try_all


def post(url: str, text: str) -> None:
    response = requests.post(url, json={"text": text}, timeout=5)
    response.raise_for_status()


if __name__ == "__main__":
    try_all(post)
