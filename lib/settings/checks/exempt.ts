import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { isLabelKey, isLabelValue } from './syntax';

/** The exempt label, its values, and the labels of namespaces. */
export function checkExempt(settings: Settings): SettingsFinding[] {
  const { label, values } = settings.exempt;
  const findings: SettingsFinding[] = [];
  if (!isLabelKey(label))
    findings.push({
      path: ['exempt', 'label'],
      message: `'${label}' is not a label's key; write one such as 'network'`,
    });
  if (values.length === 0)
    findings.push({
      path: ['exempt', 'values'],
      message: `needs at least one value, which our own namespaces carry; write one such as 'green'`,
    });
  values.forEach((value, index) => {
    if (!isLabelValue(value))
      findings.push({
        path: ['exempt', 'values', index],
        message: `'${value}' is not a value that exempts: a label's value is 1 to 63 letters, digits, '-', '_' or '.'`,
      });
  });
  for (const [namespace, labels] of Object.entries(settings.namespaceLabels))
    for (const [key, value] of Object.entries(labels)) {
      if (isLabelKey(key) && isLabelValue(value)) continue;
      findings.push({
        path: ['namespaceLabels', namespace, key],
        message: `'${key}: ${value}' is not a label of Kubernetes; a value is 1 to 63 letters, digits, '-', '_' or '.'`,
      });
    }
  return findings;
}
