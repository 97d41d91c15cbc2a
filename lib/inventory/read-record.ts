import { INVENTORY_VERSION, type InventoryRecord } from './record';

/** A text that is longer names nothing, and a list that is longer is none of ours: what is read must stay small. */
const LONGEST_TEXT = 512;
const LONGEST_LIST = 1024;

type Fields = Readonly<Record<string, unknown>>;

/** The record that a line holds; `undefined` for what is none, and for one of a version that is not known. It never throws. */
export function readInventoryRecord(line: string): InventoryRecord | undefined {
  let body: unknown;
  try {
    body = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const fields = body as Fields;
  if (fields['inventory'] !== INVENTORY_VERSION) return undefined;
  const { kind } = fields;
  if (kind === 'pod') return podOf(fields);
  if (kind === 'service') return serviceOf(fields);
  if (kind === 'endpoint') return endpointOf(fields);
  if (kind === 'node') return nodeOf(fields);
  if (kind === 'exemption') return exemptionOf(fields);
  return kind === 'picture' ? pictureOf(fields) : undefined;
}

function podOf(fields: Fields): InventoryRecord | undefined {
  const identity = identityOf(fields);
  const [ips, containers] = [textsOf(fields['ips']), textsOf(fields['containers'])];
  const [owners, services] = [textsOf(fields['owners']), textsOf(fields['services'])];
  if (identity === undefined || !ips || !containers || !owners || !services) return undefined;
  const node = textOf(fields['node']);
  return {
    kind: 'pod',
    ...identity,
    ...(node !== undefined && { node }),
    ...(fields['hostNetwork'] === true && { hostNetwork: true }),
    ...{ ips, containers, owners, services },
  };
}

function serviceOf(fields: Fields): InventoryRecord | undefined {
  const identity = identityOf(fields);
  const [ips, ports] = [textsOf(fields['ips']), textsOf(fields['ports'])];
  if (identity === undefined || !ips || !ports) return undefined;
  return { kind: 'service', ...identity, ips, ports };
}

function endpointOf(fields: Fields): InventoryRecord | undefined {
  const identity = identityOf(fields);
  const [address, ports] = [textOf(fields['address']), textsOf(fields['ports'])];
  if (identity === undefined || address === undefined || !ports) return undefined;
  return { kind: 'endpoint', ...identity, address, ports };
}

function nodeOf(fields: Fields): InventoryRecord | undefined {
  const [cluster, time, name, uid, since] = [
    ...['cluster', 'time', 'name', 'uid', 'since'].map((key) => textOf(fields[key])),
  ];
  const [ips, ended] = [textsOf(fields['ips']), textOf(fields['ended'])];
  if (!cluster || !time || !name || !uid || !since || !ips) return undefined;
  return { kind: 'node', cluster, time, name, uid, since, ...(ended !== undefined && { ended }), ips };
}

function exemptionOf(fields: Fields): InventoryRecord | undefined {
  const [cluster, time, namespace, label, since] = [
    ...['cluster', 'time', 'namespace', 'label', 'since'].map((key) => textOf(fields[key])),
  ];
  if (!cluster || !time || !namespace || !label || !since) return undefined;
  const [by, ended] = [textOf(fields['by']), textOf(fields['ended'])];
  return {
    ...{ kind: 'exemption', cluster, time, namespace, label, since },
    ...(by !== undefined && { by }),
    ...(ended !== undefined && { ended }),
  };
}

function pictureOf(fields: Fields): InventoryRecord | undefined {
  const [cluster, time, began] = ['cluster', 'time', 'began'].map((name) => textOf(fields[name]));
  const { every } = fields;
  const isSpan = typeof every === 'number' && Number.isSafeInteger(every) && every > 0;
  if (cluster === undefined || time === undefined || began === undefined || !isSpan) return undefined;
  return { kind: 'picture', cluster, time, began, every };
}

function identityOf(fields: Fields) {
  const [cluster, time, namespace, name, uid, since] = [
    ...['cluster', 'time', 'namespace', 'name', 'uid', 'since'].map((key) => textOf(fields[key])),
  ];
  if (!cluster || !time || !namespace || !name || !uid || !since) return undefined;
  const ended = textOf(fields['ended']);
  return { cluster, time, namespace, name, uid, since, ...(ended !== undefined && { ended }) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > LONGEST_LIST) return undefined;
  const texts = value.map(textOf).filter((text) => text !== undefined);
  return texts.length === value.length ? texts : undefined;
}
