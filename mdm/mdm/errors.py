"""Every error of the hub, one tree.

MdmError
|-- UsageError                 the caller asked for something that cannot be (exit code 2)
|   |-- UnknownEntityTypeError
|   |-- QueryError
|   |-- UnusableValueError
|   |-- StatementTooLongError
|   `-- SettingsError
|-- DeclarationError           an entity type is declared wrongly
|-- NotFoundError
|   |-- UnknownGoldenIdError
|   |-- UnknownRecordError
|   |-- UnknownJobError
|   |-- UnknownKeyError
|   |-- UnknownTaskError
|   `-- UnknownVerdictError
|-- RefusedError               the hub will not do it, and says what would have to change
|   |-- AlreadyDecidedError
|   |-- ForbiddenError
|   |-- TooManyRequestsError
|   |-- StaleVersionError
|   |-- VersionNotSeenError
|   |-- NoGoldenIdError
|   |-- NotGoldenError
|   |-- SameIdTwiceError
|   |-- OtherTypeError
|   |-- AlreadyRedirectedError
|   |-- NotCurrentError
|   |-- NothingToPartError
|   |-- PlanOutdatedError
|   |-- UndecidedOverridesError
|   |-- TargetBusyError
|   |-- LeaseLostError
|   |-- AddressRefusedError
|   `-- UnwritableTargetError
|-- InputError                 a file, a mapping or a model cannot be used (nothing was written)
|   |-- UnreadableFileError
|   |-- UnknownColumnError
|   `-- MappingError
|-- UnwritableFileError        a file cannot be written; none was left half-written
|-- PortInUseError             another program listens where the hub should
`-- StoreError                 the database cannot be used now
    |-- StoreBusyError
    |-- StoreFullError
    `-- StoreVersionError
"""

from __future__ import annotations

from collections.abc import Mapping


class MdmError(Exception):
    """The message is one sentence for people, and says what to do next; the facts are attributes."""


class UsageError(MdmError):
    """The caller asked for something that cannot be."""


class UnknownEntityTypeError(UsageError):
    """No entity type of that name is declared."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        self.known = known
        super().__init__(
            f"There is no entity type {name!r}; use one of {', '.join(known)}, or declare it in mdm.toml."
        )


class QueryError(UsageError):
    """A filter, an order, a page size or a cursor does not make sense."""


class UnusableValueError(UsageError):
    """An attribute cannot hold the value that a person gave."""


class StatementTooLongError(UsageError):
    """The database was asked for more than it may work for one question."""


class SettingsError(UsageError):
    """mdm.toml or an MDM_ variable does not make sense."""


class DeclarationError(MdmError):
    """An entity type is declared in a way that the hub cannot use."""


class NotFoundError(MdmError):
    """What was asked for is not in the hub."""


class UnknownGoldenIdError(NotFoundError):
    """No golden record ever had this id."""

    def __init__(self, golden_id: str) -> None:
        self.golden_id = golden_id
        super().__init__(
            f"No golden record has the id {golden_id!r}; look it up with mdm crosswalk or search."
        )


class UnknownRecordError(NotFoundError):
    """No source record has this source and key."""

    def __init__(self, source: str, source_key: str) -> None:
        self.source = source
        self.source_key = source_key
        super().__init__(
            f"The hub holds no record {source}:{source_key}; check the source's name and the key."
        )


class UnknownJobError(NotFoundError):
    """No job has this id."""

    def __init__(self, job: str) -> None:
        self.job = job
        super().__init__(f"There is no job {job!r}; mdm resolve and POST /api/v1/resolutions name theirs.")


class UnknownKeyError(NotFoundError):
    """There is no API key of this id that could still be used."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        super().__init__(f"There is no key {key_id!r} that could still be used; see mdm key list.")


class UnknownTaskError(NotFoundError):
    """The queue holds no such task."""

    def __init__(self, task_id: str) -> None:
        self.task_id = task_id
        super().__init__(
            f"The queue holds no task {task_id!r}; it may be settled already: see mdm steward list."
        )


class UnknownVerdictError(NotFoundError):
    """No verdict has this id."""

    def __init__(self, verdict_id: str) -> None:
        self.verdict_id = verdict_id
        super().__init__(f"The hub holds no verdict {verdict_id!r}; see the history of the golden record.")


class RefusedError(MdmError):
    """The hub will not do it."""


class AlreadyDecidedError(RefusedError):
    """Another verdict says the opposite and still stands."""


class ForbiddenError(RefusedError):
    """Whoever asks has not the right to; the message names the right, never a value."""


class TooManyRequestsError(RefusedError):
    """Somebody asks more often than they may."""

    def __init__(self, message: str, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class StaleVersionError(RefusedError):
    """What the caller saw has changed meanwhile."""


class VersionNotSeenError(RefusedError):
    """The caller does not say which version was looked at."""

    def __init__(self, golden_id: str, version: int) -> None:
        self.golden_id = golden_id
        self.version = version
        super().__init__(
            f"Say which version of {golden_id} you looked at; it is at version {version} now: "
            "preview it first."
        )


class NoGoldenIdError(RefusedError):
    """An empty text stands where a golden id should."""

    def __init__(self) -> None:
        super().__init__("A golden id is missing; name both golden records.")


class NotGoldenError(RefusedError):
    """A source record is named where a golden record should be."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{name} is a source record, not a golden record; ask mdm where {name} for its golden id."
        )


class SameIdTwiceError(RefusedError):
    """The same golden record is named twice."""

    def __init__(self, golden_id: str) -> None:
        self.golden_id = golden_id
        super().__init__(f"{golden_id} is named twice; name two different golden records.")


class OtherTypeError(RefusedError):
    """The two golden records are of different entity types."""

    def __init__(self, one: str, other: str) -> None:
        self.one = one
        self.other = other
        super().__init__(f"{one} and {other} are of different types; only records of one type can be merged.")


class AlreadyRedirectedError(RefusedError):
    """The golden record was merged into another one before."""

    def __init__(self, golden_id: str, into: str) -> None:
        self.golden_id = golden_id
        self.into = into
        super().__init__(f"{golden_id} was merged into {into} before; name {into} instead.")


class NotCurrentError(RefusedError):
    """The golden record is retired or erased."""

    def __init__(self, golden_id: str, state: str) -> None:
        self.golden_id = golden_id
        self.state = state
        super().__init__(f"{golden_id} is {state}; only a current golden record can be changed.")


class NothingToPartError(RefusedError):
    """What should leave a golden record cannot: nothing would leave, or nothing would stay."""


class PlanOutdatedError(RefusedError):
    """A planned change would no longer do what was planned."""


class UndecidedOverridesError(RefusedError):
    """Stewards' values were set after a merge, and nobody says on which side they belong now."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self.overrides = overrides
        named = ", ".join(f"{attribute} ({name})" for name, attribute in sorted(overrides.items()))
        super().__init__(
            f"Say of each value that a steward set after the merge whether it stays or leaves: {named}."
        )


class TargetBusyError(RefusedError):
    """Another process publishes to the target just now."""

    def __init__(self, target: str) -> None:
        self.target = target
        super().__init__(
            f"Another process is publishing to {target!r}; wait for it to end, then run it again."
        )


class LeaseLostError(RefusedError):
    """Another worker has taken the run over; what this one still wanted to write is not written."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        super().__init__(
            f"Publication run {run_id} was taken over by another worker; nothing more is written here."
        )


class AddressRefusedError(RefusedError):
    """An outbound request would reach an address that it must not reach."""

    def __init__(self, host: str, address: str, reason: str) -> None:
        self.host = host
        self.address = address
        super().__init__(
            f"{host} leads to {address}, {reason}; "
            "name its range under [network] allow in mdm.toml if that is meant."
        )


class UnwritableTargetError(RefusedError):
    """The folder of a file target cannot be written."""


class InputError(MdmError):
    """Something handed in cannot be used; nothing was written."""


class UnreadableFileError(InputError):
    """A file is missing, empty, truncated or not what its name says."""


class UnknownColumnError(InputError):
    """A file has a column that is no attribute, and no mapping says what it means."""


class MappingError(InputError):
    """A mapping file does not make sense."""


class PortInUseError(MdmError):
    """Another program listens on the address."""

    def __init__(self, host: str, port: int, cause: str) -> None:
        self.host = host
        self.port = port
        super().__init__(
            f"Cannot listen on {host}:{port} ({cause}); "
            "stop the program that uses the port, or choose another with --port."
        )


class UnwritableFileError(MdmError):
    """A file cannot be written; none was left half-written."""


class StoreError(MdmError):
    """The database cannot be used."""


class StoreBusyError(StoreError):
    """Another process holds the database's write lock for too long."""


class StoreFullError(StoreError):
    """The disk under the database is full."""


class StoreVersionError(StoreError):
    """The database was written by another release of the hub."""
