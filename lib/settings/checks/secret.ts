import { matches, some } from '../decide';

/** Names of keys whose values are secrets, in lower case. Fact: falcosidekick 2.34, config.go. */
const SECRET_KEY =
  /password|token|secret|api-?key|accesskey|credentials|authorization|headerauthvalue|^jwt$|^routingkey$|^webhookurl$|^receiverurl$/i;

/** The same as the end of a variable's name; `TOKEN_FILE` names no secret. */
const SECRET_VARIABLE =
  /(PASSWORD|PASSWD|TOKEN|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS|AUTHORIZATION|HEADERAUTHVALUE|JWT|ROUTING_?KEY|WEBHOOK_?URL|RECEIVER_?URL)$/i;

const URL_WITH_USER = /:\/\/[^/?#\s]*@/;

/** `Authorization: Bearer …`, `x-api-key=…`, `Basic …`. */
const HEADER =
  /(^|[\s,;])((proxy-)?authorization|x-[a-z-]*(key|token)|api-?key)\s*[:=]\s*\S|\b(bearer|basic)\s+\S{4}/i;

/** Whether a text looks as if it held a secret. */
export function holdsSecret(value: string): boolean {
  return some(matches(value, URL_WITH_USER), matches(value, HEADER));
}

/** Whether what stands under a key of falcosidekick's is a secret. */
export function isSecretKey(key: string): boolean {
  return matches(key, SECRET_KEY);
}

/** Whether what an environment variable of this name holds is a secret. */
export function isSecretVariable(name: string): boolean {
  return matches(name, SECRET_VARIABLE);
}
