import { image } from './component';
import { isScalar, named, onlyDefault, under, unmapped, unneeded, type Mapping, type Table } from './mapping';

const FETCHES = 'falcoctl only fetches the k8smeta plugin here, once, before Falco starts';
const FOLLOWS = `stock rules are those of Falco's image and change with its version; nothing is followed`;

/** What falcoctl would install: what the stack has anyway needs nothing. */
const refs: Mapping = {
  apply: (item, draft) => {
    const list = Array.isArray(item.value) ? (item.value as unknown[]) : [item.value];
    for (const [index, ref] of list.entries()) {
      const one = { path: [...item.path, index], value: ref };
      const name = isScalar(ref) ? (String(ref).split('/').at(-1) ?? '').replace(/[:@].*$/, '') : '';
      if (['falco-rules', 'container', 'k8smeta'].includes(name)) draft.unneeded(one, 'the stack has it');
      else if (/rules$/.test(name))
        draft.unmapped(one, 'fetch its rules file once (falcoctl artifact install) and name it in rulesFrom');
      else draft.unmapped(one, 'the stack loads the plugins container and k8smeta only');
    }
  },
};

/** `falcoctl`: rules and plugins that the chart fetches at run time. */
export const falcoctl: Table = under('falcoctl', {
  ...image('falcoctl', ['falcosecurity/falcoctl']),
  ...step('install', FETCHES),
  ...step('follow', FOLLOWS),
  'config.indexes': unneeded(FETCHES),
  'config.artifact.allowedTypes': unneeded(FETCHES),
  'config.artifact.install.refs': refs,
  'config.artifact.follow.refs': unneeded(FOLLOWS),
  ...named(
    ['resolveDeps', 'rulesfilesDir', 'pluginsDir', 'stateDir'].map((key) => `config.artifact.install.${key}`),
    unneeded(FETCHES),
  ),
  ...named(
    ['every', 'falcoversions', 'rulesfilesDir', 'pluginsDir', 'stateDir', 'resolveDeps'].map(
      (key) => `config.artifact.follow.${key}`,
    ),
    unneeded(FOLLOWS),
  ),
  'config.registry': unmapped(
    'credentials for falcoctl: use plugins.k8smeta.source image, or a mirror that asks for none',
  ),
  cacert: unmapped('falcoctl trusts public authorities here; use plugins.k8smeta.source image'),
});

function step(name: 'install' | 'follow', why: string): Table {
  return {
    [`artifact.${name}.enabled`]: unneeded(why),
    ...named(
      ['args', 'resources', 'securityContext'].map((key) => `artifact.${name}.${key}`),
      unneeded(why),
    ),
    ...named(
      ['env', 'envFrom', 'mounts.volumeMounts'].map((key) => `artifact.${name}.${key}`),
      onlyDefault([], why),
    ),
  };
}
