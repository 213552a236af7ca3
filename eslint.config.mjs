import tseslint from 'typescript-eslint';

const exclusiveTests = {
  selector:
    'MemberExpression[property.name=/^(only|skip|todo)$/][object.name=/^(it|test|describe)$/], CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
  message: 'A test that is skipped or runs alone hides others.',
};

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      '.data/**',
      'widgets/dist/**',
      'libs/*/assembly/**',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, arguments: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', exclusiveTests],
      'no-restricted-properties': [
        'error',
        { property: 'distinctOn', message: 'TypeORM interpolates it unescaped (CVE-2026-76848).' },
        { property: 'innerHTML', message: 'Text goes through lit templates.' },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: [
      'libs/platform/src/config.ts',
      'scripts/**',
      'test/**',
      '**/*.spec.ts',
      'apps/*/src/main.ts',
      'libs/rows/src/process/**',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'The environment is parsed once, in libs/platform/src/config.ts.' },
      ],
    },
  },
  {
    files: ['libs/scoring/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'Date',
        'process',
        'console',
        'fetch',
        'setTimeout',
        'setInterval',
        'crypto',
        'performance',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness is an argument.' },
      ],
    },
  },
  {
    files: ['scripts/**/*.ts', 'apps/assess/**/*.ts', 'apps/{api,worker,migrate}/src/main.ts'],
    rules: { 'no-console': 'off' },
  },
);
