from typing import Any, Optional, Union

from .base_client import BaseClient
from .base_model import UNSET, UnsetType
from .client_by_key import ClientByKey
from .input_types import MergeInput, RecordInput
from .match import Match
from .preview_merge import PreviewMerge
from .search import Search


def gql(q: str) -> str:
    return q


class Hub(BaseClient):
    def client_by_key(self, system: str, key: str, **kwargs: Any) -> ClientByKey:
        query = gql("""
            query ClientByKey($system: String!, $key: String!) {
              clientByKey(system: $system, key: $key) {
                id
                version
                name
                status
                crosswalk {
                  system
                  keys
                }
                projects(first: 10) {
                  totalCount
                  nodes {
                    code
                    name
                    startDate
                    manager {
                      givenName
                      familyName
                    }
                    costCenter {
                      code
                      name
                      parent {
                        name
                      }
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"system": system, "key": key}
        response = self.execute(query=query, operation_name="ClientByKey", variables=variables, **kwargs)
        data = self.get_data(response)
        return ClientByKey.model_validate(data)

    def search(self, text: str, first: Union[Optional[int], UnsetType] = UNSET, **kwargs: Any) -> Search:
        query = gql("""
            query Search($text: String!, $first: Int = 5) {
              search(text: $text, first: $first) {
                score
                entityType
                label
                node {
                  __typename
                  id
                  version
                  ... on Client {
                    city
                    country
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"text": text, "first": first}
        response = self.execute(query=query, operation_name="Search", variables=variables, **kwargs)
        data = self.get_data(response)
        return Search.model_validate(data)

    def match(
        self,
        record: RecordInput,
        source: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Match:
        query = gql("""
            query Match($record: RecordInput!, $source: String!, $first: Int = 5) {
              match(record: $record, source: $source, first: $first) {
                id
                label
                grade
                source {
                  system
                  key
                }
                reasons {
                  attribute
                  text
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "record": record,
            "source": source,
            "first": first,
        }
        response = self.execute(query=query, operation_name="Match", variables=variables, **kwargs)
        data = self.get_data(response)
        return Match.model_validate(data)

    def preview_merge(self, input: MergeInput, **kwargs: Any) -> PreviewMerge:
        query = gql("""
            mutation PreviewMerge($input: MergeInput!) {
              merge(input: $input, preview: true) {
                __typename
                ... on Merged {
                  survivor
                  redirected
                  changes {
                    values {
                      attribute
                      before
                      after
                    }
                  }
                }
                ... on Conflicted {
                  message
                }
                ... on Stale {
                  message
                }
                ... on Refused {
                  code
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = self.execute(query=query, operation_name="PreviewMerge", variables=variables, **kwargs)
        data = self.get_data(response)
        return PreviewMerge.model_validate(data)
