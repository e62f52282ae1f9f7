import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { superLinearCause } from '../helpers/pattern-costs.ts'
import { readSourcePatterns } from '../helpers/source-patterns.ts'
import { BOUNDED_PATTERNS, type BoundedPattern, MADE_PATTERNS } from './bounded-patterns.ts'

/** No pattern slower than linear meets a text of strangers: each is proven linear, or stands in `bounded-patterns.ts` with its bound. */

const fileOf = (place: string) => basename(place.replace(/:\d+$/, ''))

it('proves every regular expression of the source linear, or knows what bounds it', async () => {
  const { literals, made } = await readSourcePatterns()
  expect(literals.length).toBeGreaterThan(200)
  const unused = new Set<BoundedPattern>(BOUNDED_PATTERNS)
  const unbounded: string[] = []
  const proven = new Set<string>()
  for (const { place, source, flags } of literals) {
    const name = `/${source}/${flags}`
    const bounded = BOUNDED_PATTERNS.find(({ file, begins }) => file === fileOf(place) && source.startsWith(begins))
    if (bounded) unused.delete(bounded)
    if (bounded || proven.has(name)) continue
    const cause = superLinearCause(source, flags)
    if (cause === undefined) proven.add(name)
    else unbounded.push(`${place} ${cause}: ${name.slice(0, 200)}`)
  }
  expect(unbounded).toEqual([])
  expect([...unused]).toEqual([])
  const makers = new Set(made.map(({ place }) => fileOf(place)))
  expect([...makers].filter((file) => !MADE_PATTERNS.has(file))).toEqual([])
  expect([...MADE_PATTERNS.keys()].filter((file) => !makers.has(file))).toEqual([])
})

it.each([
  ['two ways to split a text', String.raw`\[(?:\\.|[!^]?\]?[^\]])*\]`],
  ['nested repetitions', '^(a+)+$'],
  ['a run before an end', String.raw`\s+$`],
  ['two runs of the same', String.raw`^\s*#*\s*$`],
  ['a beginning that the repetition may hold', ';--.*$'],
])('finds %s', (_, source) => {
  expect(superLinearCause(source, '')).toBeDefined()
})

it('takes linear ones for what they are', () => {
  for (const source of ['^[a-z]+$', String.raw`\d{1,4}\.\d{1,4}`, '"[^"]*"', String.raw`^(?:[^"\\]|\\.)*$`, 'a.*'])
    expect(superLinearCause(source, ''), source).toBeUndefined()
})
