// What a module may import, and the few rules that types cannot check.
import boundaries from 'eslint-plugin-boundaries'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const shared = ['ui', 'api']

export default tseslint.config(
  { ignores: ['node_modules', 'src/api/schema.gen.ts', 'test-results'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { boundaries, 'react-hooks': hooks },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.css'] } },
      'boundaries/include': ['src/**/*'],
      'boundaries/elements': [
        { type: 'app', pattern: 'src/app' },
        { type: 'feature', pattern: 'src/features/*', capture: ['feature'] },
        { type: 'surface', pattern: 'src/surfaces' },
        { type: 'kind', pattern: 'src/kinds' },
        { type: 'engine', pattern: 'src/engine' },
        { type: 'ui', pattern: 'src/ui' },
        { type: 'api', pattern: 'src/api' },
      ],
    },
    rules: {
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          message: '${file.type} may not import ${dependency.type}: app > features > surfaces | kinds > engine',
          rules: [
            { from: 'app', allow: ['app', 'feature', 'surface', 'kind', 'engine', ...shared] },
            { from: 'feature', allow: [['feature', { feature: '${from.feature}' }], 'surface', 'kind', 'engine', ...shared] },
            { from: 'surface', allow: ['surface', 'engine', ...shared] },
            { from: 'kind', allow: ['kind', 'engine', ...shared] },
            { from: 'engine', allow: ['engine'] },
            { from: 'ui', allow: ['ui'] },
            { from: 'api', allow: ['api'] },
          ],
        },
      ],
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Build elements; markup from a string can carry script.' },
      ],
    },
  },
  {
    files: ['src/engine/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['react', 'react-dom', 'react/*', '@mantine/*', '@tanstack/*'] }],
      'no-restricted-globals': ['error', 'window', 'document', 'navigator', 'localStorage'],
    },
  },
)
