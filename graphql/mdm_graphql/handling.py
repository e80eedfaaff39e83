"""How a task is being handled: who has it, until when it is put aside, what was written about it."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import strawberry
from sqlmodel import Session

from mdm.stewardship.notes import Handling, Note, NoteKind, handling_of
from mdm_graphql.reader import Reader


@strawberry.enum(description="What a note does.")
class TaskNoteKind(Enum):
    """The kinds of notes."""

    COMMENT = strawberry.enum_value(NoteKind.comment.value, description="Says something to whoever reads it.")
    ASSIGNED = strawberry.enum_value(NoteKind.assigned.value, description="Gives the task to a person.")
    DEFERRED = strawberry.enum_value(NoteKind.deferred.value, description="Takes the task off the queue.")
    REOPENED = strawberry.enum_value(NoteKind.reopened.value, description="Puts the task back.")


@strawberry.type(description="What a steward wrote about a task or did with it.")
class TaskNote:
    """One note."""

    kind: TaskNoteKind = strawberry.field(description="What it does.")
    text: str = strawberry.field(description="The comment, the reason, or who was given the task.")
    author: str = strawberry.field(description="Who wrote it.")
    at: datetime = strawberry.field(description="When.")
    until: datetime | None = strawberry.field(description="Of a deferral: until when.")

    @staticmethod
    def of(note: Note) -> "TaskNote":
        """From the use case."""
        return TaskNote(
            kind=TaskNoteKind(note.kind.value),
            text=note.text,
            author=note.author,
            at=note.at,
            until=note.until,
        )


@dataclass(frozen=True, slots=True)
class HandlingOf:
    """How tasks are being handled, or were at a moment."""

    known_at: datetime | None = None

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, Handling]:
        return handling_of(session, keys, self.known_at)
