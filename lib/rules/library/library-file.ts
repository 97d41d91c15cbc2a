import type { RulesObject } from '../object';
import { printRules } from '../print';
import type { RulesFile } from '../render';
import { canaryRules } from './canary-rules';
import { egressRules } from './egress-rules';
import type { ExemptionOptions } from './exemption';
import { publicScope } from './public-scope';
import { recordRules } from './record-rules';
import { vistatechRules } from './vistatech-rules';

/** Our own rules, by the names of the packages in which the stack deploys them. */
export const LIBRARY_PACKAGES = ['egress', 'scope', 'record', 'canary', 'vistatech'] as const;
export type LibraryPackage = (typeof LIBRARY_PACKAGES)[number];

const OBJECTS: Readonly<Record<LibraryPackage, (options: ExemptionOptions) => readonly RulesObject[]>> = {
  egress: egressRules,
  scope: publicScope,
  record: recordRules,
  canary: () => canaryRules({ namespace: 'falco', pods: 'falco-egress-collector-', port: 13133 }),
  vistatech: () => vistatechRules(),
};

/** A package as the stack has it by default; without k8smeta Falco knows no label of a namespace. */
export function libraryFile(name: LibraryPackage, plugins: readonly string[] | undefined): RulesFile {
  const exemption = plugins?.includes('k8smeta') === false ? 'none' : 'label';
  return { name: `library/${name}.yaml`, text: printRules(OBJECTS[name]({ exemption })) };
}
