import { AfterturnError } from '../errors.ts'

/** Packages that an install with `--omit=optional` leaves out: most of the weight, each for one thing that many processes never do. */
export const OPTIONAL_PACKAGES = {
  'The embedded store': ['@electric-sql/pglite', '@electric-sql/pglite-pgvector'],
  'Indexing code': [
    'web-tree-sitter',
    '@repomix/tree-sitter-wasms',
    '@vscode/tree-sitter-wasm',
    '@lumis-sh/wasm-kotlin',
  ],
  'The dashboard': ['@bull-board/api', '@bull-board/express'],
  'The API': ['@modelcontextprotocol/server'],
  'A model server': ['openai'],
} as const

/** A part of the product that needs such packages, in words that begin a sentence. */
export type PackageNeed = keyof typeof OPTIONAL_PACKAGES

/**
 * Refuses what needs packages that are not installed, before anything loads them.
 * @throws CONFIG_INVALID with the command that installs them
 */
export function requirePackages(need: PackageNeed): void {
  const missing = OPTIONAL_PACKAGES[need].filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  throw new AfterturnError('CONFIG_INVALID', `${need} needs packages that are not installed: ${missing.join(', ')}.`, {
    remedy: `Run \`npm install --include=optional\` for all optional packages, or \`npm install ${missing.join(' ')}\`.`,
  })
}

function isInstalled(name: string): boolean {
  try {
    // Not its main module, which some do not have.
    import.meta.resolve(`${name}/package.json`)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND'
  }
}
