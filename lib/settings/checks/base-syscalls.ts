import { all, not, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** `egressOnly` where it would do little, or nothing. */
export function checkBaseSyscalls({ falco }: Settings): Findings {
  const refused = (message: string) => ({ path: ['falco', 'baseSyscalls', 'egressOnly'], message });
  return [
    // The stock rules look at more than sockets and processes.
    when(all(falco.baseSyscalls.egressOnly, falco.install, falco.stockRules), () =>
      refused(
        `the stock rules would see old files, directories and rights, and bring most of the calls back; set falco.stockRules to false, or leave egressOnly out`,
      ),
    ),
    when(all(falco.baseSyscalls.egressOnly, not(falco.install)), () =>
      refused(
        `somebody else installs Falco (falco.install: false), and its configuration is theirs; leave egressOnly out, and give them base_syscalls of docs/falco.md`,
      ),
    ),
  ];
}
