// Ask a hub that holds the firm of docs/firm: `MDM_KEY=mdm_... npm start https://hub.example/graphql`.

import { Hub, HubError } from "./hub.js";
import { clientByKey, match, previewMerge, search } from "./operations.js";

async function showClient(hub: Hub): Promise<void> {
  const { clientByKey: client } = await hub.ask(clientByKey, { system: "crm", key: "A1" });
  if (!client) throw new HubError("The CRM's A1 is unknown: load docs/firm first.");
  const keys = client.crosswalk.flatMap((one) => one.keys.map((key) => `${one.system} ${key}`));
  console.log(`${client.name} (${client.status}), known as ${keys.join(", ")}`);
  for (const project of client.projects.nodes) {
    const manager = project.manager?.familyName ?? "nobody";
    const center = project.costCenter?.name ?? "none";
    const started = project.startDate ?? "no day yet";
    console.log(`  ${project.code} ${project.name}: from ${started}, manager ${manager}, cost center ${center}`);
  }
}

async function showDuplicate(hub: Hub): Promise<void> {
  const record = { client: { name: "Zwölf Apostel Keller", city: "Berlin", country: "DE" } };
  const { match: candidates } = await hub.ask(match, { record, source: "web", first: 1 });
  for (const { grade, label, source, reasons } of candidates) {
    console.log(`${grade}: ${label}, ${source.system} ${source.key}`);
    for (const reason of reasons.slice(0, 1)) console.log(`  ${reason.attribute}: ${reason.text}`);
  }
}

async function showMerge(hub: Hub): Promise<void> {
  const { search: hits } = await hub.ask(search, { text: "quarry lane stationery", first: 2 });
  for (const hit of hits) console.log(`${hit.entityType} ${hit.label}`);
  const [survivor, loser] = hits.map((hit) => hit.node);
  if (!survivor || !loser) throw new HubError("Two hits were expected: load docs/firm first.");
  const seen = [loser, survivor].map(({ id, version }) => ({ id, version }));
  const { merge } = await hub.ask(previewMerge, { input: { loser: loser.id, survivor: survivor.id, seen } });
  if (merge.__typename !== "Merged") {
    console.log(`  not merged: ${merge.message}`);
    return;
  }
  for (const { attribute, before, after } of merge.changes.values) {
    console.log(`  merged, ${attribute} would change from ${before} to ${after}`);
  }
}

const hub = new Hub(process.argv[2] ?? "http://127.0.0.1:8000/graphql", process.env["MDM_KEY"]);
try {
  await showClient(hub);
  await showDuplicate(hub);
  await showMerge(hub);
} catch (error) {
  if (!(error instanceof HubError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
