import { load } from 'js-yaml';
import type { Draft, Item } from './draft';
import { eachText, isMap, isScalar, type Mapping } from './mapping';

/** Options that Falco had in 2021 and has no more, and what says the same now. */
const GONE: Readonly<Record<string, string>> = {
  '-A': 'Falco 0.37 removed it: set base_syscalls.all in falco.config',
  '-b': 'Falco removed it: set buffer_format_base64 in falco.config',
  '-k': 'Falco 0.37 removed its client of the API server; the k8smeta plugin is in its place',
  '-K': 'Falco 0.37 removed its client of the API server; the k8smeta plugin is in its place',
  '--k8s-node': 'Falco 0.37 removed its client of the API server; the k8smeta plugin is in its place',
  '-m': 'Falco removed its client of Mesos',
  '-S': 'Falco removed it: set falco_libs.snaplen in falco.config',
  '-D': 'Falco removed it: disable rules in falco.config.rules, or by an item of rules',
  '-T': 'Falco removed it: disable tags in falco.config.rules',
  '-t': 'Falco removed it: enable tags in falco.config.rules',
  '-p': 'output fields are appended to every alert now: falco.config.append_output',
  '-pk': 'output fields are appended to every alert now: falco.config.append_output',
  '-pc': 'output fields are appended to every alert now: falco.config.append_output',
  '--cri': 'the container plugin finds sockets in falco.runtimeSocketDirectories',
  '--disable-cri-async': 'Falco removed it: the container plugin has taken its place',
  '--userspace': 'Falco removed its userspace probe',
  '--modern-bpf': 'the modern eBPF probe is always used',
  '-v': 'set log_level in falco.config',
};

/** Options with a value behind them. */
const WITH_VALUE = new Set([
  '-k',
  '-K',
  '--k8s-node',
  '-m',
  '-S',
  '-D',
  '-T',
  '-t',
  '-p',
  '--cri',
  '-o',
  '-r',
  '-c',
]);

/** `extra.args`: options of Falco's command line; `-o key=value` is a key of falco.yaml. */
export const argumentsMapping: Mapping = {
  apply: (item, draft) => {
    const list = Array.isArray(item.value) ? (item.value as unknown[]).map(String) : [];
    if (list.length === 0) draft.unmapped(item, 'expected a list of texts');
    for (let index = 0; index < list.length; index++) {
      const at: Item = { path: [...item.path, index], value: list[index] };
      const [option, attached] = split(list[index] ?? '');
      const value = attached ?? (WITH_VALUE.has(option) ? list[++index] : undefined);
      argument(at, option, value, draft);
    }
  },
};

function split(text: string): [string, string?] {
  const [, option = text, value] = /^(--[\w-]+|-\w)(?:[= ](.+))$/s.exec(text) ?? [];
  return value === undefined ? [option] : [option, value];
}

function argument(item: Item, option: string, value: string | undefined, draft: Draft): void {
  const [, key, text] = option === '-o' ? (/^([\w.]+)=(.*)$/s.exec(value ?? '') ?? []) : [];
  if (key !== undefined && text !== undefined)
    draft.take(item, ['falco', 'config', ...key.split('.')], load(text) ?? '');
  else if (Object.hasOwn(GONE, option)) draft.gone(item, GONE[option] ?? '');
  else
    draft.unmapped(item, 'the stack gives Falco its options; what falco.yaml can say goes into falco.config');
}

/** A list of environment variables, as a container has them, or a map. */
export function environment(component: 'falco' | 'sidekick'): Mapping {
  return {
    apply: (item, draft) => {
      if (isMap(item.value)) eachText(`${component}.env`).apply(item, draft, undefined);
      else if (!Array.isArray(item.value)) draft.unmapped(item, 'expected a list of variables');
      else
        for (const [index, entry] of (item.value as unknown[]).entries())
          variable(component, { path: [...item.path, index], value: entry }, draft);
    },
  };
}

function variable(component: 'falco' | 'sidekick', item: Item, draft: Draft): void {
  const { name, value, valueFrom } = isMap(item.value) ? item.value : {};
  const reference = isMap(valueFrom) ? valueFrom['secretKeyRef'] : undefined;
  if (typeof name !== 'string') draft.unmapped(item, 'expected a variable with a name');
  else if (isScalar(value)) draft.take(item, [component, 'env', name], String(value));
  else if (component === 'sidekick' && isMap(reference))
    draft.take(
      item,
      ['sidekick', 'secretEnv', name],
      { secret: reference['name'], key: reference['key'] },
      'copy the Secret into namespaces.services',
    );
  else
    draft.unmapped(
      item,
      'a variable has its value from elsewhere; settings have only values, and for falcosidekick Secrets',
    );
}
