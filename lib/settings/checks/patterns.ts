/**
 * Grammars of names and values, as regular expressions that JavaScript, RE2 and JSON Schema read alike: the checks and
 * values.schema.json of the chart use the same ones.
 */

const DNS = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const ANY_CASE = '[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?';
const NAME = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const GROUP = '[0-9a-fA-F]{1,4}';
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;
const REPOSITORY = '[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*';

/** A name such as that of a namespace: RFC 1123. */
export const DNS_LABEL = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$';

/** A name such as that of a Secret: DNS labels with dots between them, at most {@link SUBDOMAIN_LENGTH}. */
export const DNS_SUBDOMAIN = `^${DNS}(\\.${DNS})*$`;

/** The length of a name such as that of a Secret. */
export const SUBDOMAIN_LENGTH = 253;

/** The key of a label: a name, with a DNS subdomain and a slash before it or without. */
export const LABEL_KEY = `^(${DNS}(\\.${DNS})*/)?${NAME}$`;

/** How long the parts of the key of a label or an annotation may be. */
export const KEY_LENGTH = '^([^/]{1,253}/)?[^/]{1,63}$';

/** The key of an annotation: Kubernetes makes no difference between capital letters and others in it. */
export const ANNOTATION_KEY = `^(${ANY_CASE}(\\.${ANY_CASE})*/)?${NAME}$`;

/** The value of a label that is not empty. */
export const LABEL_VALUE = `^${NAME}$`;

/** A quantity such as `100m` or `1Gi`. */
export const QUANTITY = '^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$';

/** A range of addresses of IPv4 or IPv6. */
export const CIDR = `^(${IPV4}/(3[0-2]|[12]?[0-9])|(${ipv6()})/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$`;

/** The name of a declared destination, with which a macro's name ends. */
export const DECLARED_NAME = '^[a-z0-9_]{1,40}$';

/** The name of an environment variable. */
export const VARIABLE = '^[-._a-zA-Z][-._a-zA-Z0-9]*$';

/** A key of a Secret. */
export const SECRETS_KEY = '^[-._a-zA-Z0-9]{1,253}$';

/** The name of a rules file that Falco reads. */
export const RULES_FILE = '^[-._a-zA-Z0-9]{1,200}\\.ya?ml$';

/** Host of a registry, and a path. Fact: the grammar of references, github.com/distribution/reference. */
export const REGISTRY = `^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]+)?(/${REPOSITORY})*$`;

/** Path of a repository in a registry. */
export const REPOSITORY_PATH = `^${REPOSITORY}(/${REPOSITORY})*$`;

/** The tag of an image. */
export const TAG = '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$';

/** Eight groups, the last two perhaps as IPv4; or fewer, and `::` once in the place of the others. */
function ipv6(): string {
  const end = `(${GROUP}:${GROUP}|${IPV4})`;
  const whole = `(${GROUP}:){6}${end}`;
  const short = Array.from({ length: 8 }, (_, before) => {
    const left = before === 0 ? '' : `${GROUP}(:${GROUP}){${before - 1}}`;
    const most = 7 - before;
    const right = [
      ...(most >= 1 ? [`${GROUP}(:${GROUP}){0,${most - 1}}`] : []),
      ...(most >= 2 ? [`(${GROUP}:){0,${most - 2}}${IPV4}`] : []),
    ];
    return `${left}::${right.length === 0 ? '' : `(${right.join('|')})?`}`;
  });
  return [whole, ...short].join('|');
}
