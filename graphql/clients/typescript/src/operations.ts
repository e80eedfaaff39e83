// Recipes 2, 6, 5 and 8 of docs/graphql.md, as this client asks for them.

import { graphql } from "./hub.js";

export const clientByKey = graphql(`
  query ClientByKey($system: String!, $key: String!) {
    clientByKey(system: $system, key: $key) {
      name
      status
      crosswalk { system keys }
      projects(first: 10) {
        nodes {
          code
          name
          startDate
          manager { familyName }
          costCenter { name }
        }
      }
    }
  }
`);

export const match = graphql(`
  query Match($record: RecordInput!, $source: String!, $first: Int = 5) {
    match(record: $record, source: $source, first: $first) {
      label
      grade
      source { system key }
      reasons { attribute text }
    }
  }
`);

export const search = graphql(`
  query Search($text: String!, $first: Int = 5) {
    search(text: $text, first: $first) {
      entityType
      label
      node { id version }
    }
  }
`);

export const previewMerge = graphql(`
  mutation PreviewMerge($input: MergeInput!) {
    merge(input: $input, preview: true) {
      __typename
      ... on Merged { changes { values { attribute before after } } }
      ... on Conflicted { message }
      ... on Stale { message }
      ... on Refused { message }
    }
  }
`);
