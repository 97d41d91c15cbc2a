import { createHash } from 'node:crypto';

/** sha256 of a text, in hex: what Falco reports of a rules file in its metric `falcosecurity_falco_sha256_rules_files_info`. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
