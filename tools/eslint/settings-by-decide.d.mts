import type { Rule } from 'eslint';

export const settingsByDecide: Rule.RuleModule;
