"""Signing in at the console with an issuer: the whole code flow over HTTP, and what does not get through."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mdm.clock import utc_now
from mdm.hub import Hub
from mdm.testing import hub_at, record, take_in

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "graphql"))

from an_issuer import AUDIENCE, CLIENT, KEY, SECRET, STRANGER, Issuer, answering  # beside this file
from live import running  # beside the tests of GraphQL


@pytest.fixture(scope="module")
def published() -> Iterator[Issuer]:
    with answering() as found:
        yield found


@pytest.fixture
def issuer(published: Issuer) -> Issuer:
    """The issuer, behaving."""
    published.person = {"sub": "ada", "email": "ada@firm.example", "roles": ["stewards"]}
    published.claims, published.key = {}, KEY
    published.asked.clear()
    return published


@pytest.fixture(scope="module")
def hub(published: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    stewards = {"roles": ["steward"], "domains": ["client"], "rows": {"country": ["DE"]}}
    oidc = {
        "issuer": published.address, "audience": AUDIENCE, "client_id": CLIENT, "client_secret": SECRET,
        "name_claim": "email", "map": {"stewards": stewards},
    }  # fmt: skip
    url = f"sqlite:///{(tmp_path_factory.mktemp('issuer') / 'hub.db').as_posix()}"
    made = hub_at(url, auth={"oidc": oidc}, network={"allow": ["127.0.0.0/8"]})
    made.clock = utc_now
    rows = [
        record("D", name="Kessel und Sohn GmbH", country="DE"),
        record("F", name="Moulin SARL", country="FR"),
    ]
    take_in(made, "crm", "client", rows)
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(hub: Hub) -> Iterator[str]:
    with running(hub) as found:
        yield found


@pytest.fixture
def browser(address: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=address, follow_redirects=True, trust_env=False, timeout=30) as client:
        yield client


def test_who_signs_in_at_the_issuer_is_who_the_settings_map_them_to(
    issuer: Issuer, browser: httpx2.Client
) -> None:
    page = browser.get("/console/sign-in/oidc", params={"next": "/console/search?q=GmbH"})
    other = browser.get("/console/search", params={"q": "Moulin"})

    assert (page.status_code, page.url.path) == (200, "/console/search")
    assert "ada@firm.example" in page.text
    assert "Kessel und Sohn" in page.text
    assert "Moulin SARL" not in other.text
    assert [form["grant_type"] for form in issuer.asked] == ["authorization_code"]


def test_an_access_token_of_the_issuer_opens_the_api_and_its_id_token_does_not(
    issuer: Issuer, browser: httpx2.Client
) -> None:
    access, identity = issuer.token(aud=AUDIENCE), issuer.token(aud=CLIENT, nonce="n")

    codes = [
        browser.get("/api/v1/changes", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (access, identity)
    ]

    assert codes == [200, 401]


@pytest.mark.parametrize(
    "misbehaviour",
    [
        {"claims": {"nonce": "of another journey"}},
        {"claims": {"nonce": ""}},
        {"claims": {"aud": "another-client"}},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"exp": 1}},
        {"key": STRANGER},
        {"person": {"sub": "eve", "email": "eve@firm.example", "roles": ["nobody"]}},
        {"person": {"sub": "eve", "email": "eve@firm.example"}},
    ],
    ids=["another nonce", "no nonce", "another audience", "another issuer", "expired", "another key",
         "no mapped role", "no roles"],
)  # fmt: skip
def test_what_the_issuer_does_not_vouch_for_opens_no_session(
    issuer: Issuer, browser: httpx2.Client, misbehaviour: dict[str, Any]
) -> None:
    for name, value in misbehaviour.items():
        setattr(issuer, name, value)

    page = browser.get("/console/sign-in/oidc")
    after = browser.get("/console", follow_redirects=False)

    assert page.status_code == 403
    assert len(issuer.asked) == 1
    assert (after.status_code, after.headers["location"].partition("?")[0]) == (303, "/console/sign-in")


def returned(browser: httpx2.Client) -> httpx2.URL:
    """The address at which the issuer sends the browser back."""
    leaving = browser.get("/console/sign-in/oidc", follow_redirects=False)
    with httpx2.Client(trust_env=False) as outside:
        back = outside.get(leaving.headers["location"])
    return httpx2.URL(back.headers["location"])


def test_a_way_back_is_good_once_and_for_the_browser_that_began_it(
    issuer: Issuer, browser: httpx2.Client, address: str
) -> None:
    stolen, used = returned(browser), returned(browser)

    with httpx2.Client(base_url=address, trust_env=False) as thief:
        theft = thief.get(stolen)
    first = browser.get(used, follow_redirects=False)
    again = browser.get(used, follow_redirects=False)

    assert [theft.status_code, first.status_code, again.status_code] == [403, 303, 403]
    assert len(issuer.asked) == 1


def test_a_code_of_another_journey_does_not_pass(issuer: Issuer, browser: httpx2.Client) -> None:
    mine, other = returned(browser), returned(browser)
    mixed = mine.copy_set_param("code", other.params["code"])

    answer = browser.get(mixed, follow_redirects=False)

    assert answer.status_code == 403


def test_the_way_back_leads_to_no_other_site(issuer: Issuer, browser: httpx2.Client) -> None:
    page = browser.get("/console/sign-in/oidc", params={"next": "https://evil.example/console"})

    assert (page.status_code, page.url.host, page.url.path) == (200, "127.0.0.1", "/console")
