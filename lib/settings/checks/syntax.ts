import {
  ANNOTATION_KEY,
  CIDR,
  DECLARED_NAME,
  DNS_LABEL,
  DNS_SUBDOMAIN,
  KEY_LENGTH,
  LABEL_KEY,
  LABEL_VALUE,
  QUANTITY,
  RULES_FILE,
  SECRETS_KEY,
  SUBDOMAIN_LENGTH,
  VARIABLE,
} from './patterns';

const like = (pattern: string) => {
  const expression = new RegExp(pattern);
  return (text: string): boolean => expression.test(text);
};

const isSubdomainText = like(DNS_SUBDOMAIN);
const isLabelKeyText = like(LABEL_KEY);
const isAnnotationKeyText = like(ANNOTATION_KEY);
const hasKeyLength = like(KEY_LENGTH);

/** A name such as that of a namespace: RFC 1123. */
export const isDnsLabel = like(DNS_LABEL);

/** A name such as that of a Secret: DNS labels with dots between them. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= SUBDOMAIN_LENGTH && isSubdomainText(text);
}

/** The key of a label: a name, with a DNS subdomain and a slash before it or without. */
export function isLabelKey(text: string): boolean {
  return hasKeyLength(text) && isLabelKeyText(text);
}

/** The key of an annotation. */
export function isAnnotationKey(text: string): boolean {
  return hasKeyLength(text) && isAnnotationKeyText(text);
}

/** The value of a label that is not empty. */
export const isLabelValue = like(LABEL_VALUE);

/** A quantity of Kubernetes, such as `100m` or `1Gi`. */
export const isQuantity = like(QUANTITY);

/** A range of addresses of IPv4 or IPv6. */
export const isCidr = like(CIDR);

/** The name of a declared destination. */
export const isDeclaredName = like(DECLARED_NAME);

/** The name of an environment variable. */
export const isVariable = like(VARIABLE);

/** A key of a Secret. */
export const isSecretsKey = like(SECRETS_KEY);

/** The name of a rules file that Falco reads. */
export const isRulesFile = like(RULES_FILE);
