import type { Draft, Item } from './draft';
import { isEmpty, isMap, type Mapping } from './mapping';

/** What the chart's file names may be, and Falco's directory may not. */
const FILE = /^[-._a-zA-Z0-9]{1,30}\.ya?ml$/;

/** `customRules`: rules files by their names. They are checked together with the settings. */
export const customRules: Mapping = {
  apply: (item, draft) => {
    if (!isMap(item.value)) draft.unmapped(item, 'expected rules files by their names');
    else
      for (const [name, text] of Object.entries(item.value))
        rulesFile({ path: [...item.path, name], value: text }, name, draft);
  },
};

function rulesFile(item: Item, name: string, draft: Draft): void {
  if (isEmpty(item.value)) draft.unneeded(item, 'empty');
  else if (typeof item.value !== 'string')
    draft.unmapped(item, 'expected the text of a rules file: write | behind its name, and indent the rules');
  else {
    const file = FILE.test(name) ? name : freeName(name, draft);
    draft.takeRules(
      item,
      file,
      item.value,
      file === name
        ? ''
        : `renamed: Falco reads only letters, digits, '-', '_' and '.', ending in .yaml or .yml`,
    );
  }
}

function freeName(name: string, draft: Draft): string {
  const base = name
    .replace(/\.[^.]*$/, '')
    .replace(/[^-._a-zA-Z0-9]+/g, '-')
    .slice(0, 20);
  for (let number = 1; ; number++) {
    const candidate = `${base === '' ? 'rules' : base}${number === 1 ? '' : `-${number}`}.yaml`;
    if (!draft.hasRules(candidate)) return candidate;
  }
}
