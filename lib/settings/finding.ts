/** Something wrong with settings that are well-formed: what one setting says does not go with another. */
export interface SettingsFinding {
  /** The setting, as keys from the top; a list's item by its index. */
  readonly path: readonly (string | number)[];
  /** One line: what is wrong, and the way out. */
  readonly message: string;
}
