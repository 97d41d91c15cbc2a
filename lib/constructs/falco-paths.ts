/** Directory of falco.yaml in Falco's container: a ConfigMap, mounted whole, so that a change of it reaches Falco. */
export const CONFIG_DIRECTORY = '/etc/falco-egress/config';

/** Directory of our rules files. It is in Falco's image, and empty there. */
export const RULES_DIRECTORY = '/etc/falco/rules.d';

/** The stock rules of Falco's image. */
export const STOCK_RULES = '/etc/falco/falco_rules.yaml';

/** Directory of plugins that Falco's image ships. Nothing is ever mounted over it. */
export const IMAGE_PLUGINS = '/usr/share/falco/plugins';

/** Directory of the k8smeta plugin, wherever it comes from. */
export const PLUGIN_DIRECTORY = '/opt/falco-egress/plugins';

/** Where the node's directories are mounted; Falco puts it before the paths of /proc, /etc and the runtime sockets. */
export const HOST_ROOT = '/host';
