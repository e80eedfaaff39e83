// The hub over HTTP. What an operation takes and gives is typed from its text and the schema.

import { initGraphQLTada, type TadaDocumentNode } from "gql.tada";
import { print } from "graphql";
import type { introspection } from "./introspection.js";

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Date: string; DateTime: string; CellValue: string | number | string[] };
}>();

/** The hub gave no data; the message is what it said. */
export class HubError extends Error {}

export class Hub {
  /** @param key what `mdm key create` printed; none for a hub that runs with --dev */
  constructor(
    private readonly url: string,
    private readonly key?: string,
  ) {}

  async ask<Data, Variables>(operation: TadaDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (this.key) headers["Authorization"] = `Bearer ${this.key}`;
    const body = JSON.stringify({ query: print(operation), variables });
    const response = await fetch(this.url, { method: "POST", headers, body });
    const text = await response.text();
    const answer = parsed<Data>(text);
    if (answer?.errors?.length) throw new HubError(answer.errors.map((error) => error.message).join("; "));
    if (!answer?.data) throw new HubError(`${this.url} answered ${response.status}: ${text.slice(0, 500)}`);
    return answer.data;
  }
}

type Answer<Data> = { data?: Data | null; errors?: { message: string }[] };

function parsed<Data>(text: string): Answer<Data> | undefined {
  try {
    return JSON.parse(text) as Answer<Data>;
  } catch {
    return undefined;
  }
}
