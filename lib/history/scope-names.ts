/** Whose an address is, by its network alone. */
export type Scope = 'internet' | 'link-local' | 'private' | 'loopback' | 'multicast';

/** In the order in which people want to see them. */
export const SCOPES: readonly Scope[] = ['internet', 'link-local', 'private', 'loopback', 'multicast'];
