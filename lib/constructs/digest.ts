import { createHash } from 'node:crypto';
import { openIn } from '../settings/token';

/** sha256 of a text, in hex: what Falco reports of a rules file in its metric `falcosecurity_falco_sha256_rules_files_info`. */
export function sha256(text: string): string {
  return openIn(text)?.digest(text, 64) ?? createHash('sha256').update(text).digest('hex');
}

/** The first letters of the digest of a text: enough to tell apart what one name can stand for. */
export function shortDigest(text: string): string {
  return openIn(text)?.digest(text, 10) ?? sha256(text).slice(0, 10);
}
