"""Operations that the IDE opens with, and that the tests run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """An operation and what it shows; the title stands in its first line as a comment."""

    title: str
    operation: str

    @property
    def document(self) -> str:
        """The text of the tab."""
        return f"# {self.title}\n{self.operation}"


EXAMPLES: tuple[Example, ...] = (
    Example(
        "A client in one view: who owns it, what it owns, what is done for it and by whom",
        """query UnifiedView {
  clients(first: 3, orderBy: {name: ASC}) {
    totalCount
    pageInfo { endCursor hasNextPage }
    nodes {
      id
      name
      status
      parent { id name }
      subsidiaries(first: 5) { nodes { id name } }
      engagements(first: 5) { nodes { number title value currency } }
      rates(first: 5) { nodes { kind unit amount currency } }
      projects(first: 5) {
        nodes {
          code
          name
          manager { givenName familyName }
          costCenter { code name }
          assignments(first: 10) {
            nodes { role worker { familyName costCenter { code } } }
          }
        }
      }
    }
  }
}
""",
    ),
    Example(
        "Where every value comes from, and what it was preferred to",
        """query Provenance {
  clients(first: 1, filter: {country: {eq: "DE"}}, orderBy: {name: ASC}) {
    nodes {
      id
      sources { system key }
      cells {
        attribute
        value
        rule
        since
        source { system key }
        beats { value source { system key } }
      }
    }
  }
}
""",
    ),
    Example(
        "Search by name: typing errors are forgiven",
        """query Search {
  search(text: "harbor", first: 10) {
    score
    label
    entityType
    node {
      id
      ... on Client { name country status }
      ... on Worker { givenName familyName jobTitle }
    }
  }
}
""",
    ),
    Example(
        "What waits for a steward",
        """query Conflicts {
  conflicts(first: 10) {
    totalCount
    nodes {
      id
      kind
      probability
      text
      left { id sources { system key } }
      right { id sources { system key } }
    }
  }
}
""",
    ),
    Example(
        'Answer a conflict (put the id of one into the variables: {"task": "..."})',
        """mutation Decide($task: ID!) {
  decide(input: {taskId: $task, answer: SAME, reason: "same tax id on paper"}) {
    ... on Decided { verdict { id author } goldenRecords { id sources { system key } } }
    ... on Conflicted { message }
  }
}
""",
    ),
    Example(
        "What happens, as it happens: from the first change on, then live until you stop it",
        """subscription Changes {
  changes(after: 0, types: ["golden.*"]) {
    number
    type
    at
    attributes
    record { id ... on Client { name } ... on Worker { familyName } }
  }
}
""",
    ),
)
