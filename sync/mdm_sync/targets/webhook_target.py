"""A web address as a target: one signed POST per golden record, some at a time, each with an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import httpx2

from mdm.clock import Clock
from mdm.errors import AddressRefusedError
from mdm.event_log import canonical_json
from mdm.failpoints import reach
from mdm_sync.publishing.batch import Answer, Batch, Change, Message, Outcome
from mdm_sync.publishing.envelope import CONTENT_TYPE
from mdm_sync.publishing.retry import answer_of, retry_after
from mdm_sync.targets.addresses import AddressGuard, Resolve, resolve
from mdm_sync.targets.guarded_transport import GuardedTransport
from mdm_sync.targets.signature import Signer

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
KEPT_ANSWER = 4096  # bytes of a refusal that the receipt keeps
CHUNK = 100  # messages read from the database at a time


class WebhookTarget:
    """Posts messages to one address.

    A wave of at most `lanes` golden records is in flight, and is recorded before the next one, so a killed
    process leaves at most `lanes` deliveries that are made again (under the same id).
    """

    def __init__(
        self,
        url: httpx2.URL,
        signer: Signer,
        guard: AddressGuard,
        *,
        lanes: int,
        clock: Clock,
        resolver: Resolve = resolve,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._url = url
        self._signer = signer
        self._guard = guard
        self._lanes = lanes
        self._clock = clock
        self._resolver = resolver
        self._total = total_seconds

    def deliver(self, batch: Batch) -> Generator[list[Outcome], None, None]:
        """Post the changes, wave by wave.

        Raises:
            AddressRefusedError: the address must not be reached.
        """
        if not batch.changes:
            return
        with asyncio.Runner() as runner:
            client = runner.run(self._open())
            try:
                for wave in _waves(batch, self._lanes):
                    batch.pause_point()
                    outcomes, refusal = runner.run(self._send_all(client, wave))
                    if outcomes:
                        yield outcomes
                    if refusal is not None:
                        raise refusal
            finally:
                runner.run(client.aclose())

    async def _open(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=GuardedTransport(self._guard, lanes=self._lanes, resolver=self._resolver),
            timeout=httpx2.Timeout(self._total, connect=min(CONNECT_SECONDS, self._total)),
            follow_redirects=False,
            trust_env=False,
            headers={"content-type": CONTENT_TYPE, "user-agent": "mdm-hub"},
        )

    async def _send_all(
        self, client: httpx2.AsyncClient, wave: Sequence[Message]
    ) -> tuple[list[Outcome], AddressRefusedError | None]:
        results = await asyncio.gather(*(self._send(client, message) for message in wave))
        outcomes = [result for result in results if isinstance(result, Outcome)]
        refusals = [result for result in results if isinstance(result, AddressRefusedError)]
        return outcomes, refusals[0] if refusals else None

    async def _send(self, client: httpx2.AsyncClient, message: Message) -> Outcome | AddressRefusedError:
        body = canonical_json(message.envelope)
        headers = self._signer.headers(message.change.event_id, self._clock(), body)
        started = time.monotonic()
        try:
            # httpx2 limits each read and write; a target that drips bytes is stopped by this one.
            async with asyncio.timeout(self._total):
                reach("webhook.before_send")
                async with client.stream("POST", self._url, content=body, headers=headers) as response:
                    text = await _beginning(response)
                    reach("webhook.after_answer")
        except AddressRefusedError as exc:
            return exc
        except (httpx2.HTTPError, TimeoutError) as exc:
            reason = f"no answer: {type(exc).__name__}"
            return Outcome(message.change, Answer.again, details={"reason": reason})
        return self._outcome(message.change, response, text, time.monotonic() - started)

    def _outcome(self, change: Change, response: httpx2.Response, text: str, seconds: float) -> Outcome:
        answer = answer_of(response.status_code)
        details: dict[str, Any] = {"status": response.status_code, "seconds": round(seconds, 3)}
        if answer is not Answer.delivered:
            details |= {"reason": f"answer {response.status_code}", "answer": text}
        wait = retry_after(response.headers.get("retry-after"), self._clock())
        return Outcome(change, answer, wait, details)


async def _beginning(response: httpx2.Response) -> str:
    """The first 4,096 bytes of an answer as text; the rest is not read."""
    kept = b""
    async for part in response.aiter_bytes(KEPT_ANSWER):
        kept += part
        if len(kept) >= KEPT_ANSWER:
            break
    return kept[:KEPT_ANSWER].decode("utf-8", errors="replace").replace("\x00", "")


def _waves(batch: Batch, lanes: int) -> Iterator[list[Message]]:
    first = 1 if batch.probing else lanes
    for start in range(0, len(batch.changes), CHUNK):
        messages = batch.messages(batch.changes[start : start + CHUNK])
        position = 0
        while position < len(messages):
            yield messages[position : position + first]
            position += first
            first = lanes
