import { z } from 'zod'
import { AfterturnError } from '../errors.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import { readServedFile, readServedIndexes } from '../store/code/code-served.ts'
import {
  type CodePlace,
  type CodeScope,
  type CodeSearchServices,
  filesInScope,
  placeOf,
  scopeFields,
} from './code-search.ts'
import type { CodeSymbol } from './index-format/code-chunk.ts'
import { askedName, namedStrength, symbolsOf } from './ranking/named-definitions.ts'
import { refSchema } from './repo-source.ts'
import type { SkipReason } from './skip-reason.ts'

/** Owns what is known of names: the symbols of an org's repositories, and the outline of a file. */

export type SymbolsInput = CodeScope & {
  /** A name in any case style, a part of one in any case, or a qualified name: `Cart.add`, `Cart::add`. @default all */
  readonly query?: string
  /** @default 50 */
  readonly limit?: number
}

export type SymbolHit = CodePlace & Pick<CodeSymbol, 'name' | 'kind' | 'scope'>

export type OutlineInput = {
  readonly orgId: string
  readonly repoId: string
  readonly path: string
  readonly ref?: string
}

export type Outline = CodePlace & {
  /** Top to bottom. */
  readonly symbols: readonly CodeSymbol[]
  /** Why the file is not indexed; null if it is. */
  readonly skipReason: SkipReason | null
}

const symbolsSchema = z.strictObject({
  ...scopeFields,
  query: z.string().min(1).max(500).optional(),
  limit: z.number().int().min(1).max(1_000).default(50),
})
const outlineSchema = z.strictObject({
  orgId: idSchema,
  repoId: idSchema,
  path: z
    .string()
    .min(1)
    .max(10_000)
    .refine((path) => !path.includes('\0'), 'expected no NUL'),
  ref: refSchema.optional(),
})

type Services = Pick<CodeSearchServices, 'database' | 'loadedCode'>

/** Finds symbols by name: whole names first, then those that begin with it, then those that hold it. @throws INPUT_INVALID, REPO_UNKNOWN */
export async function findSymbols(services: Services, input: SymbolsInput): Promise<SymbolHit[]> {
  const { query = '', limit, ...scope } = parseInput(symbolsSchema, input, 'selection')
  const found: (SymbolHit & { rank: number })[] = []
  const asked = askedName(query)
  const part = asked?.qualifiers.length === 0 ? asked.name : query
  for (const file of await filesInScope(services, scope)) {
    for (const symbol of symbolsOf(file.segment, file.path)) {
      const { name, kind, scope: within, startLine, endLine } = symbol
      const own = rankOf(name, part)
      const rank = own > 1 && asked !== undefined && namedStrength(symbol, asked, file.path) > 0 ? 1 : own
      if (rank === NO_RANK) continue
      found.push({ ...placeOf(file.index, file, startLine, endLine), name, kind, scope: within, rank })
    }
  }
  return found
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        a.name.length - b.name.length ||
        (a.path < b.path ? -1 : a.path > b.path ? 1 : a.startLine - b.startLine),
    )
    .slice(0, limit)
    .map(({ rank: _, ...hit }) => hit)
}

/** Lists what a file defines; undefined when the index has no such file. @throws INPUT_INVALID, REPO_UNKNOWN */
export async function outlineFile(services: Services, input: OutlineInput): Promise<Outline | undefined> {
  const { orgId, repoId, path, ref } = parseInput(outlineSchema, input, 'selection')
  const [index] = await readServedIndexes(services.database, orgId, { repoIds: [repoId], ref })
  if (!index) throw new AfterturnError('REPO_UNKNOWN', `Expected an indexed repository, got ${JSON.stringify(repoId)}.`)
  const file = await readServedFile(services.database, orgId, index.id, path)
  if (!file) return undefined
  if (file.blob === null)
    return { ...placeOf(index, file, 1, 1), symbols: [], skipReason: file.skipReason as SkipReason }
  const loaded = await services.loadedCode.load(orgId, index)
  const found = loaded.files.find((one) => one.path === path)
  const segment = found?.segment
  const endLine = segment?.chunks.reduce((last, chunk) => Math.max(last, chunk.endLine), 1) ?? 1
  return {
    ...placeOf(index, found ?? file, 1, endLine),
    symbols: segment ? symbolsOf(segment, path) : [],
    skipReason: null,
  }
}

const NO_RANK = 4

function rankOf(name: string, query: string): number {
  if (name === query) return 0
  const [lower, wanted] = [name.toLowerCase(), query.toLowerCase()]
  if (lower === wanted) return 1
  if (lower.startsWith(wanted)) return 2
  return lower.includes(wanted) ? 3 : NO_RANK
}
