import { all, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** The stock rules look at more than sockets and processes. */
export function checkBaseSyscalls({ falco }: Settings): Findings {
  return when(all(falco.baseSyscalls.egressOnly, falco.stockRules), () => ({
    path: ['falco', 'baseSyscalls', 'egressOnly'],
    message: `the stock rules would see old files, directories and rights, and bring most of the calls back; set falco.stockRules to false, or leave egressOnly out`,
  }));
}
