"""Web Push: a short line on a phone's locked screen, and the address it leads to. It names nobody."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from planner.notices.message import Message, NotSent

TIMEOUT_SECONDS = 10
TOKEN_SECONDS = 12 * 3600  # RFC 8292 allows a day
GONE = (404, 410)
# The services of the browsers there are. An address anywhere else would let a signed-in person have this server call any machine.
SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
Post = Callable[[str, bytes, dict[str, str]], int]


def is_service(endpoint: str, services: Sequence[str] = SERVICES) -> bool:
    """Tell whether an address is that of a browser's push service."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    ours = any(host == service or host.endswith(f".{service}") for service in services)
    return parts.scheme == "https" and ours and port in (None, 443) and not parts.username


def post_by_https(endpoint: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a request and return the answer's status; redirects are not followed."""
    parts = urlsplit(endpoint)
    connection = http.client.HTTPSConnection(parts.hostname or "", timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


class PushSender:
    """Wakes browsers. `contact` is whom a push service may write to: a ``mailto:`` or ``https:`` address."""

    def __init__(self, key: str, contact: str, post: Post = post_by_https, services: Sequence[str] = SERVICES) -> None:
        from planner.notices.webpush import private_key

        self._key, self._contact, self._post, self._services = private_key(key), contact, post, services

    def send(self, message: Message) -> Sequence[str]:
        """Wake each of the person's browsers; return those that are no more. One that was woken is enough."""
        shown = {"title": "Năm Rõ", "body": message.short, "url": urlsplit(message.url).path, "tag": message.message_id}
        body = json.dumps(shown, ensure_ascii=False).encode()
        gone, woken, trouble = [], 0, ""
        for browser in map(json.loads, message.to):
            status = self._wake(browser, body, message)
            if status in GONE:
                gone.append(browser["endpoint"])
            elif 200 <= status < 300:
                woken += 1
            else:
                trouble = f"push_{status}"
        if not woken:
            raise NotSent(trouble or "push_gone", permanent=not trouble, gone=gone)
        return gone

    def _wake(self, browser: dict[str, str], body: bytes, message: Message) -> int:
        from planner.notices.webpush import authorization, encrypted, un64

        endpoint = browser["endpoint"]
        if not is_service(endpoint, self._services):
            return GONE[0]
        parts = urlsplit(endpoint)
        try:
            sealed = encrypted(body, un64(browser["p256dh"]), un64(browser["auth"]))
        except ValueError:  # keys that are none: this browser can never be woken
            return GONE[0]
        headers = {
            "TTL": str(message.seconds_useful), "Urgency": "normal", "Topic": message.message_id[:32],
            "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
            "Authorization": authorization(
                self._key, f"{parts.scheme}://{parts.netloc}", self._contact, int(time.time()) + TOKEN_SECONDS
            ),
        }  # fmt: skip
        try:
            return self._post(endpoint, sealed, headers)
        except (OSError, http.client.HTTPException):
            return 0

    def close(self) -> None:
        """Nothing is kept open."""
