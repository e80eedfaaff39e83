"""How the generated client reaches the hub: GraphQL over HTTP by httpx2."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx2
from pydantic_core import to_jsonable_python

from .base_model import UNSET, BaseModel


class HubError(Exception):
    """The hub gave no data; the text is what it said."""


class BaseClient:
    """Posts operations to one hub.

    Args:
        url: where its GraphQL is, such as https://hub.example/graphql.
        key: what `mdm key create` printed; none for a hub that runs with --dev.
        timeout: seconds to wait for an answer.
    """

    def __init__(self, url: str, key: str | None = None, timeout: float = 30.0) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._url = url
        self._http = httpx2.Client(headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def execute(
        self,
        query: str,
        operation_name: str | None = None,
        variables: dict[str, Any] | None = None,
        **options: Any,
    ) -> httpx2.Response:
        """Send one operation; `options` go to httpx2, such as `headers` or `timeout`."""
        given = {name: value for name, value in (variables or {}).items() if value is not UNSET}
        body = {"query": query, "operationName": operation_name, "variables": _plain(given)}
        return self._http.post(self._url, json=body, **options)

    def get_data(self, response: httpx2.Response) -> dict[str, Any]:
        """The data of an answer.

        Raises:
            HubError: it has errors, or is no answer of GraphQL, such as a refused key.
        """
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
            raise HubError(f"{self._url} answered {response.status_code}: {response.text[:500]}")
        if answer.get("errors"):
            raise HubError("; ".join(error["message"] for error in answer["errors"]))
        data: dict[str, Any] = answer["data"]
        return data


def _plain(value: Any) -> Any:
    """What JSON can hold; of an input only what was set, under the names of the schema."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return to_jsonable_python(value)
