import { eachEntry, hasKey, is, some, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** Namespaces of the demo. A test holds them to what the construct makes. */
export const DEMO: readonly string[] = ['demo', 'testkatz', 'testkatz-exempt'];

/** Names that must not be those of something else. */
export function checkDistinctNames(settings: Settings): Findings {
  const { node, services } = settings.namespaces;
  return [
    when(is(node, services), () => ({
      path: ['namespaces', 'services'],
      message: `is the privileged namespace '${node}' too; give everything that need not touch the node one of its own`,
    })),
    [node, services].map((own) =>
      when(hasKey(settings.namespaceLabels, own), () => ({
        path: ['namespaceLabels', own],
        message: `'${own}' is a namespace of the stack itself, which carries the labels that it needs; leave it out`,
      })),
    ),
    checkSecretNames(settings),
    checkDemo(settings),
  ];
}

/** Each is a Secret of its own, with keys of its own. */
function checkSecretNames({ secrets }: Settings): Findings {
  const { responderToken, sidekickUi, sidekickUiStore, grafana } = secrets;
  const named = Object.entries({ responderToken, sidekickUi, sidekickUiStore, grafana });
  return named.flatMap(([key, { name }], index) =>
    named.slice(0, index).map(([other, before]) =>
      when(is(name, before.name), () => ({
        path: ['secrets', key, 'name'],
        message: `'${name}' is the Secret of secrets.${other} too; give each a name of its own`,
      })),
    ),
  );
}

function checkDemo({ demo, namespaces, namespaceLabels }: Settings): Findings {
  const check = (path: readonly string[], name: string) =>
    when(some(...DEMO.map((own) => is(name, own))), () => ({
      path,
      message: `'${name}' is a namespace of the demo, which makes it itself; take another one, or set demo.enabled to false`,
    }));
  return when(demo.enabled, () => [
    check(['namespaces', 'node'], namespaces.node),
    check(['namespaces', 'services'], namespaces.services),
    eachEntry(namespaceLabels, (name) => check(['namespaceLabels', name], name)),
  ]);
}
