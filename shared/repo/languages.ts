/**
 * Owns which language a file is written in, by its name and, where that says nothing, its first line.
 * Guarantees: a pure function of both; null for what is not known, which is then cut by lines.
 */

const EXTENSIONS: Readonly<Record<string, string>> = {
  typescript: 'ts mts cts',
  tsx: 'tsx',
  javascript: 'js mjs cjs jsx',
  python: 'py pyi pyw',
  go: 'go',
  rust: 'rs',
  java: 'java',
  c: 'c h',
  cpp: 'cc cpp cxx c++ hh hpp hxx h++ ipp inl',
  'c-sharp': 'cs csx',
  ruby: 'rb rake gemspec ru',
  php: 'php phtml',
  swift: 'swift',
  kotlin: 'kt kts',
  bash: 'sh bash zsh ksh',
  sql: 'sql ddl',
  json: 'json jsonc json5 webmanifest',
  yaml: 'yaml yml',
  toml: 'toml',
  html: 'html htm xhtml vue svelte',
  css: 'css scss less',
  markdown: 'md markdown mdx',
  text: 'txt text rst adoc',
}

const FILE_NAMES: Readonly<Record<string, string>> = {
  rakefile: 'ruby',
  gemfile: 'ruby',
  '.bashrc': 'bash',
  '.zshrc': 'bash',
  '.profile': 'bash',
  'cargo.lock': 'toml',
  '.prettierrc': 'json',
  '.babelrc': 'json',
  '.eslintrc': 'json',
  readme: 'markdown',
}

const INTERPRETERS: readonly (readonly [RegExp, string])[] = [
  [/\b(ba|z|k|da)?sh\b/, 'bash'],
  [/\bpython[\d.]*\b/, 'python'],
  [/\bruby\b/, 'ruby'],
  [/\bphp\b/, 'php'],
  [/\b(tsx|ts-node|deno)\b/, 'typescript'],
  [/\b(node|bun)\b/, 'javascript'],
]

const BY_EXTENSION = new Map(
  Object.entries(EXTENSIONS).flatMap(([language, extensions]) =>
    extensions.split(' ').map((extension): [string, string] => [extension, language]),
  ),
)

/** The name of a file's language, e.g. `typescript` or `c-sharp`; null if neither the name nor a `#!` line tells. */
export function programmingLanguageOf(path: string, firstLine = ''): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const dot = name.lastIndexOf('.')
  const byName = FILE_NAMES[name] ?? (dot > 0 ? BY_EXTENSION.get(name.slice(dot + 1)) : undefined)
  if (byName !== undefined) return byName
  if (!firstLine.startsWith('#!')) return null
  return INTERPRETERS.find(([interpreter]) => interpreter.test(firstLine))?.[1] ?? null
}
