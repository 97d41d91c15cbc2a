import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { settingsByDecide } from './tools/eslint/settings-by-decide.mjs';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'manifests/',
      'charts/',
      'coverage/',
      'lib/**/generated/',
      'test/fixtures/',
      'test/package/projects/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        module: 'writable',
        require: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Constructs are made for their effect on the construct tree.
      'no-new': 'off',
      // client-node's classes are used as types of plain manifests only.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['lib/constructs/**/*.ts'],
    // Runs on decided settings alone: the stack sees to it.
    ignores: ['lib/constructs/{rules,responses}-check.ts'],
    plugins: { 'falco-egress': { rules: { 'settings-by-decide': settingsByDecide } } },
    rules: { 'falco-egress/settings-by-decide': 'error' },
  },
);
