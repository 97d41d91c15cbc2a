const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_PART = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_TEXT = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const QUANTITY = /^([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$/;
const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);

/** A name such as that of a namespace: RFC 1123. */
export function isDnsLabel(text: string): boolean {
  return DNS_LABEL.test(text);
}

/** A name such as that of a Secret: DNS labels with dots between them. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => DNS_PART.test(part));
}

/** The key of a label: a name, with a DNS subdomain and a slash before it or without. */
export function isLabelKey(text: string): boolean {
  const parts = text.split('/');
  const name = parts.pop() ?? '';
  return LABEL_TEXT.test(name) && parts.length < 2 && parts.every(isDnsSubdomain);
}

/** The value of a label that is not empty. */
export function isLabelValue(text: string): boolean {
  return LABEL_TEXT.test(text);
}

/** A quantity of Kubernetes, such as `100m` or `1Gi`. */
export function isQuantity(text: string): boolean {
  return QUANTITY.test(text);
}

/** A range of addresses of IPv4 or IPv6. Not by node:net, which costs more to load than this. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  if (more.length > 0 || !/^(0|[1-9][0-9]{0,2})$/.test(bits)) return false;
  return IPV4.test(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

function isIpv6(address: string): boolean {
  const halves = address.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const embedded = IPV4.test(last);
  const plain = embedded ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (embedded ? 2 : 0);
  return halves.length === 1 ? count === 8 : halves.length === 2 && count < 8;
}
