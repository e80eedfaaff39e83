"""What one deployment looks like: mdm.toml, and the MDM_ variables that override it."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from mdm.access.grants import Grant
from mdm.access.principal import Role
from mdm.entities import Sensitivity
from mdm.entities.trusted_ids import Told
from mdm.errors import SettingsError
from mdm.places import line_of

# A source without a role in the settings gets it from its name; the first word contained wins.
ROLE_WORDS: tuple[tuple[str, str], ...] = (
    ("salesforce", "crm"), ("hubspot", "crm"), ("crm", "crm"),
    ("workday", "hcm"), ("bamboohr", "hcm"), ("successfactors", "hcm"), ("hcm", "hcm"), ("hr", "hcm"),
    ("payroll", "hcm"),
    ("netsuite", "erp"), ("business_central", "erp"), ("xero", "erp"), ("quickbooks", "erp"),
    ("intacct", "erp"), ("sap", "erp"), ("erp", "erp"),
    ("kantata", "psa"), ("harvest", "psa"), ("certinia", "psa"), ("psa", "psa"),
    ("ironclad", "clm"), ("docusign", "clm"), ("clm", "clm"), ("contract", "clm"),
    ("servicenow", "itsm"), ("itsm", "itsm"),
    ("jira", "delivery"), ("asana", "delivery"), ("monday", "delivery"),
)  # fmt: skip


class Section(BaseModel):
    """A table of mdm.toml; an unknown key is an error, because it is mostly a typing error."""

    model_config = ConfigDict(extra="forbid")


class SourceSettings(Section):
    """A system we read."""

    role: str | None = Field(
        None, description="crm, erp, hcm, psa, clm, itsm or delivery; else from the name"
    )
    title: str = ""


class TargetSettings(Section):
    """Where golden records are published."""

    kind: Literal["file", "webhook"]
    entity_types: list[str] = Field(default_factory=list, description="empty for all")
    path: Path | None = Field(None, description="folder of a file target, from where mdm.toml lies")
    format: Literal["jsonl", "parquet"] = "jsonl"
    url: str = Field("", description="address of a webhook target")
    secret: SecretStr | None = Field(None, description="Standard Webhooks secret, whsec_...")
    sees: list[Sensitivity] = Field(
        default_factory=lambda: [Sensitivity.public, Sensitivity.internal],
        description="classes of attributes it gets: add personal or pay where it needs them",
    )
    mode: Literal["changes", "full"] = "changes"
    future: bool = Field(False, description="also what exists only from a later day on")
    hold_conflicts: bool | Literal["previous"] = Field(
        False,
        description="hold a golden record back while a task on it is open; previous: in mode full send the "
        "version that the target has already instead",
    )
    system: str = Field(
        "", description="source whose records it holds: it is told its own keys, and its echoes are known"
    )
    max_attempts: int = Field(10, ge=1, le=20, description="deliveries before a change becomes a dead letter")
    lanes: int = Field(4, ge=1, le=32, description="deliveries that a webhook target gets at the same time")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "file" and self.path is None:
            raise ValueError("a file target needs a path")
        if self.kind == "webhook" and not self.url:
            raise ValueError("a webhook target needs a url")
        return self


class ScheduleSettings(Section):
    """When a target is published: a cron line or an interval."""

    target: str
    cron: str = Field(
        "",
        description="minute, hour, day of month, month, day of week (0 and 7 are Sunday); "
        "a sixth field in front: second",
    )
    every_seconds: int | None = Field(None, ge=1)
    timezone: str = Field("UTC", description="IANA name such as Europe/Berlin; cron lines are read in it")
    enabled: bool = True
    misfire: Literal["run_once", "run_all", "skip"] = Field(
        "run_once", description="due times missed while the hub was down: publish once, once for each, or not"
    )

    @model_validator(mode="after")
    def _one_rhythm(self) -> Self:
        if bool(self.cron) == (self.every_seconds is not None):
            raise ValueError("a schedule has either cron or every_seconds")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            raise ValueError(f"{self.timezone!r} is no IANA time zone such as Europe/Berlin") from exc
        return self


class NetworkSettings(Section):
    """Which private addresses outbound requests may reach."""

    allow: list[str] = Field(default_factory=list, description="address ranges such as 127.0.0.0/8")


class GraphqlSettings(Section):
    """How the API presents itself."""

    federation: bool = Field(
        default=False,
        description="serve a subgraph for a router of Apollo Federation 2, which reads the schema",
    )
    operations: Path | None = Field(
        default=None,
        description="JSON of registered operations, SHA-256 to document, from where mdm.toml lies",
    )


class ReconciliationSettings(Section):
    """Who may ask for golden ids from a page of its own."""

    origins: list[str] = Field(
        default_factory=lambda: ["http://127.0.0.1:3333", "http://localhost:3333"],
        description="addresses whose pages may read suggestions and frame previews; by default OpenRefine's",
    )


class MatchingSettings(Section):
    """How the hub matches, where it differs from the shipped models."""

    model_folder: Path | None = None
    block_list: list[str] = Field(default_factory=list, description="further names that take no candidates")
    merge_published: Literal["auto", "review"] = Field(
        default="review",
        description="of two golden records that are both published and that evidence would merge: "
        "merge them, or hold them apart until a person decides",
    )


class RoleSettings(Section):
    """Which classes of attributes a role sees; what is left out stays as shipped."""

    sees: list[Sensitivity] | None = None
    sees_in_domain: list[Sensitivity] | None = None


class OidcSettings(Section):
    """An OpenID Connect provider whose tokens the hub takes."""

    issuer: str
    audience: str = Field(description="what access tokens for the hub carry as aud")
    algorithms: list[
        Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
    ] = Field(["RS256"], min_length=1, description="never one with a shared secret")
    leeway_seconds: int = Field(30, ge=0, le=60)
    claim: str = Field(
        "roles", description="the claim whose words are mapped; a path such as realm_access.roles"
    )
    name_claim: str = Field("sub", description="what events carry as author, such as email")
    map: dict[str, Grant] = Field(default_factory=dict, description="word of the claim to what it grants")
    client_id: str = Field("", description="for signing in at the console")
    client_secret: SecretStr | None = None
    keys_seconds: int = Field(600, ge=10, description="how long the issuer's keys are kept")


class RateSettings(Section):
    """How often one principal may ask."""

    per_minute: int = Field(default=1200, ge=1)
    burst: int = Field(default=200, ge=1, description="requests at once after a silence")


class AuthSettings(Section):
    """Who may come in, and what they see."""

    roles: dict[Role, RoleSettings] = Field(default_factory=dict)
    oidc: OidcSettings | None = None
    rates: RateSettings = RateSettings()


class TrustSettings(Section):
    """Keys, signed checkpoints of the event log, and what becomes of people who were erased."""

    folder: Path | None = Field(
        default=None,
        description="of keys and checkpoints, from where mdm.toml lies; else beside the database, but "
        "another disk is safer",
    )
    checkpoint_events: int = Field(default=1000, ge=1, description="events until the next checkpoint")
    checkpoint_minutes: int = Field(default=10, ge=1, description="minutes until the next checkpoint")
    erased_again: Literal["refuse", "create"] = Field(
        default="refuse", description="what a row about an erased subject becomes: nothing, or a new record"
    )


class TrustedIdSettings(Section):
    """How far the ids of one attribute are trusted."""

    unique: bool | None = Field(None, description="two different values prove two different things")
    may_change: bool = Field(True, description="false refuses rows that put another id in an id's place")
    refuse_invalid: bool = Field(False, description="true refuses rows whose id fails its check")
    proof: bool = Field(False, description="one id is one thing, although names and places differ")
    reissued: bool | None = Field(
        None, description="the same id may be given to another thing later; false lets it bridge years"
    )
    sources: list[str] = Field(default_factory=list, description="sources whose ids are evidence; else all")

    def said(self) -> dict[str, Any]:
        """What was written, by name; what was not stays as it is declared."""
        told = self.model_dump(exclude_unset=True)
        return told | {"sources": tuple(self.sources)} if "sources" in told else told


class Settings(BaseSettings):
    """The whole deployment. Precedence: MDM_ environment variables, mdm.toml, defaults."""

    model_config = SettingsConfigDict(env_prefix="MDM_", env_nested_delimiter="__", extra="forbid")

    database_url: str = ""
    folder: Path = Field(default_factory=Path.cwd, exclude=True, description="where mdm.toml lies")
    file: Path | None = Field(default=None, exclude=True, description="the mdm.toml itself, if there is one")
    entities: list[str] = Field(default_factory=list, description="declarations as file.py:Name")
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    targets: dict[str, TargetSettings] = Field(default_factory=dict)
    schedules: dict[str, ScheduleSettings] = Field(default_factory=dict)
    network: NetworkSettings = Field(default_factory=NetworkSettings)
    graphql: GraphqlSettings = GraphqlSettings()
    reconciliation: ReconciliationSettings = Field(default_factory=ReconciliationSettings)
    matching: MatchingSettings = Field(default_factory=MatchingSettings)
    auth: AuthSettings = Field(default_factory=AuthSettings)
    survivorship: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="entity type to attribute or group to its rule, such as prefer(erp, crm)",
    )

    trust: TrustSettings = Field(default_factory=TrustSettings)
    trusted_ids: dict[str, dict[str, TrustedIdSettings]] = Field(
        default_factory=dict, description="entity type to attribute to how far its ids are trusted"
    )
    api_token: SecretStr | None = Field(
        None, description="an administrator's key of your own making; better make keys with mdm key create"
    )
    synchronous: Literal["FULL", "NORMAL"] = Field("FULL", description="SQLite durability")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # mdm.toml comes in as init settings, and the environment overrides it.
        return env_settings, init_settings

    def trusted(self) -> Told:
        """What is said of ids, by entity type and attribute."""
        return {
            name: {attribute: settings.said() for attribute, settings in by_attribute.items()}
            for name, by_attribute in self.trusted_ids.items()
        }

    @property
    def store_url(self) -> str:
        """The database's URL; without one the hub keeps mdm.db in the current folder."""
        return self.database_url or f"sqlite:///{Path.cwd() / 'mdm.db'}"

    def role(self, source: str) -> str:
        """The role of a source, from the settings, else from its name, else the name itself."""
        named = self.sources.get(source)
        if named and named.role:
            return named.role
        return next((role for word, role in ROLE_WORDS if word in source.lower()), source)


def load_settings(path: Path | None = None, **overrides: Any) -> Settings:
    """The settings of this deployment.

    Args:
        path: an mdm.toml; else the file that MDM_CONFIG names, else mdm.toml in the current folder if there
            is one.
        overrides: values that win over the file.

    Raises:
        SettingsError: the named file is missing, is no TOML, or holds an unknown key or a wrong value.
    """
    chosen = path or (Path(os.environ["MDM_CONFIG"]) if os.environ.get("MDM_CONFIG") else None)
    if chosen is None and Path("mdm.toml").is_file():
        chosen = Path("mdm.toml")
    values: dict[str, Any] = {}
    if chosen is not None:
        values = _read(chosen) | {"folder": chosen.resolve().parent, "file": chosen.resolve()}
    try:
        return Settings(**(values | overrides))
    except ValidationError as exc:
        first = exc.errors()[0]
        place = [str(part) for part in first["loc"]]
        line = line_of(chosen.read_text(encoding="utf-8"), place) if chosen is not None else None
        where = f"{chosen or 'MDM_ variables'}{f', line {line}' if line else ''}"
        raise SettingsError(f"{where}: {'.'.join(place)}: {first['msg']}; correct it there.") from exc


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise SettingsError(f"Cannot read {path} ({exc.strerror}); check MDM_CONFIG or --config.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{path} is no valid TOML: {exc}.") from exc
