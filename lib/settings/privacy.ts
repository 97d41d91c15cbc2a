/** What alerts of our own rules keep to themselves: they travel far, and are kept long. */
export interface PrivacySettings {
  /**
   * What alerts of our own rules tell of the process' command line, which may hold passwords and tokens. `never`: nothing.
   * `redacted`: the number of arguments and their length, but no word of them (Falco's language can't cut a text). `full`:
   * all of it. The program's name and path are always told. Stock rules, and yours, tell what they tell.
   * @default "never"
   */
  readonly commandLine?: 'never' | 'redacted' | 'full';
}

export const privacyDefaults = { commandLine: 'never' } as const satisfies PrivacySettings;
