import type { Outcome } from './line';

/** Something in a rule of older Falco that does nothing today, or something else. */
interface OldWord {
  readonly word: RegExp;
  readonly outcome: Extract<Outcome, 'gone' | 'unmapped'>;
  readonly message: string;
}

const NAMESPACE_LABELS =
  'it is always empty since Falco 0.37; write k8smeta.ns.label[KEY], and `not … = VALUE` rather than `!=`, which no namespace without the label passes';
const AUDIT = 'it needs the plugin k8saudit, which this stack does not load: the rule never fires';

/** Facts: Falco's release notes 0.32 to 0.44, and the container plugin's fields. */
const OLD_WORDS: readonly OldWord[] = [
  {
    word: /\bevt\.dir\s*=\s*["']?>/,
    outcome: 'unmapped',
    message: 'Falco has no enter events since 0.42: with `evt.dir = >` the rule never fires; leave it out',
  },
  {
    word: /\bevt\.dir\b/,
    outcome: 'gone',
    message: 'evt.dir says nothing since Falco 0.42, which warns about it; leave it out',
  },
  { word: /\bk8s\.ns\.labels?\b/, outcome: 'unmapped', message: NAMESPACE_LABELS },
  {
    word: /\bk8s\.(deployment|rs|rc|svc)\.[a-z]+/,
    outcome: 'unmapped',
    message:
      'it is always empty since Falco 0.37; the k8smeta plugin has k8smeta.deployment.name and the like',
  },
  { word: /\b(ka|jevt)\.[a-z]/, outcome: 'unmapped', message: AUDIT },
  { word: /^\s*(- )?source:\s*k8s_audit\b/, outcome: 'unmapped', message: AUDIT },
  {
    word: /^\s*(- )?append:\s*true\b/,
    outcome: 'gone',
    message: 'append is deprecated; write override, such as `override: { condition: append }`',
  },
  {
    word: /\bcontainer\.info\b/,
    outcome: 'gone',
    message: 'it is empty since Falco 0.41; container and Pod are appended to every alert',
  },
  { word: /\bevt\.latency/, outcome: 'gone', message: 'evt.latency is deprecated since Falco 0.43' },
];

/** A word of a rules file that is not what it was; line and column in its text start at 1. */
export interface OldWordFound {
  readonly line: number;
  readonly column: number;
  readonly outcome: OldWord['outcome'];
  readonly message: string;
}

/** Each kind of old word in a rules file, where it stands first; comments are left alone. */
export function oldWords(text: string): OldWordFound[] {
  const found = new Map<string, OldWordFound>();
  for (const [index, written] of text.split('\n').entries()) {
    const code = written.replace(/(^|\s)#.*$/, '');
    for (const { word, outcome, message } of OLD_WORDS) {
      const match = word.exec(code);
      if (match === null) continue;
      if (!found.has(message))
        found.set(message, { line: index + 1, column: match.index + 1, outcome, message });
      // Of two that speak of one word the first is the more exact.
      if (outcome === 'unmapped' && /evt\\.dir/.test(word.source)) break;
    }
  }
  return [...found.values()];
}
