import { afterAll, describe, expect, it } from 'vitest'
import { type CodeParserOptions, createCodeParser, type ParsedFile } from '../../../workers/repo/parsing/code-parser.ts'
import { childrenOf } from '../../helpers/processes/child-processes.ts'

/** Parsing in a process of its own: what a grammar does there, the files after it do not notice. */

const parser = createCodeParser()
afterAll(() => parser.close())

const MAX_TOKENS = 500
const FINE = { language: 'python', text: 'def fine():\n    return 1\n' }
const LARGE = {
  language: 'typescript',
  text: 'export function f(a: number) { return { x: a, y: [1, 2, 3] } }\n'.repeat(25_000),
}

const parsers = () => childrenOf(process.pid).map(({ pid }) => pid)

/** Lines that are not blank and in no chunk. */
function lostLines(text: string, { chunks }: ParsedFile): string[] {
  return text
    .split('\n')
    .filter((line, index) => line.trim() !== '' && !chunks.some((c) => c.startLine <= index + 1 && index < c.endLine))
}

async function parseBoth(options: CodeParserOptions, file: { language: string; text: string }) {
  const own = createCodeParser(options)
  try {
    return await Promise.all([own.parse(file), own.parse(FINE)])
  } finally {
    await own.close()
  }
}

describe('a file that its grammar does not come back from', () => {
  it.each([
    ['takes too long', 'deadline', { deadlineMs: 300 }],
    ['takes too much memory', 'crash', { memoryBytes: 96 * 1_024 * 1_024, deadlineMs: 100_000 }],
  ])('is cut by lines when it %s, and the next one is parsed', async (_, fallback, options) => {
    const [large, fine] = await parseBoth(options, LARGE)
    expect(large).toMatchObject({ fallback, symbols: [] })
    expect(large.chunks.every(({ kind, tokens }) => kind === 'window' && tokens <= MAX_TOKENS)).toBe(true)
    expect(large.chunks.map(({ text }) => text).join('\n')).toBe(LARGE.text.trimEnd())
    expect(fine).toMatchObject({ fallback: null, symbols: [{ name: 'fine', kind: 'function' }] })
  })
})

it('leaves out a file that ends two processes, and reads the next one', async () => {
  const own = createCodeParser({ memoryBytes: 96 * 1_024 * 1_024, deadlineMs: 100_000 })
  try {
    const content = Buffer.from('x '.repeat(60_000_000))
    const [large, fine] = await Promise.all([
      own.read({ language: 'text', path: 'large.txt', content }),
      own.read({ language: 'python', path: 'fine.py', content: Buffer.from(FINE.text) }),
    ])
    expect(large).toEqual({ skipReason: 'unparsable' })
    expect(fine).toMatchObject({ text: FINE.text, redacted: 0, parsed: { symbols: [{ name: 'fine' }] } })
  } finally {
    await own.close()
  }
})

describe('bad input', () => {
  it.each([
    ['a nested expression', 'typescript', `const a = ${'('.repeat(100)}1${')'.repeat(100)}`],
    ['ten thousand levels', 'java', 'class A {'.repeat(10_000) + '}'.repeat(10_000)],
    ['one line of 3 MB', 'javascript', `const a = [${'"x",'.repeat(750_000)}]`],
    [
      'NULs, mixed line ends and broken characters',
      'go',
      'package a\0\r\nfunc f() {\0}\r\n\rfunc \ud800g() {}\n\ufffd',
    ],
    ['a table', 'c', `int t[] = {\n${'0x12, 0x34, 0x56, 0x78,\n'.repeat(5_000)}};`],
    ['a language without a grammar', 'cobol', 'DISPLAY "HELLO".\n'.repeat(100)],
    ['nothing', 'rust', ' \n\n\t\n'],
  ])('%s is cut whole, within the limit of tokens', async (_, language, text) => {
    const parsed = await parser.parse({ language, text })
    expect(lostLines(text, parsed)).toEqual([])
    expect(parsed.chunks.filter(({ tokens }) => tokens > MAX_TOKENS)).toEqual([])
    expect(parsed.chunks.map((chunk) => chunk.text).join('').length).toBeLessThanOrEqual(text.length)
  })
})

it('replaces its process after so much source, and answers all in order', async () => {
  const others = new Set(parsers())
  const own = createCodeParser({ bytesPerProcess: 2 * FINE.text.length })
  const seen = new Set<number>()
  for (let batch = 0; batch < 3; batch++) {
    const parsing = ['a', 'b', 'c'].map((name) => own.parse({ ...FINE, text: FINE.text.replace('fine', name) }))
    const [pid, ...more] = parsers().filter((one) => !others.has(one) && !seen.has(one))
    expect([pid, more]).toEqual([expect.any(Number), []])
    seen.add(pid as number)
    const parsed = await Promise.all(parsing)
    expect(parsed.map(({ symbols }) => symbols[0]?.name)).toEqual(['a', 'b', 'c'])
  }
  await own.close()
  expect(parsers().filter((one) => !others.has(one))).toEqual([])
})

describe('a parser that is left', () => {
  it('refuses what was aborted, and goes on', async () => {
    const abort = new AbortController()
    const aborted = parser.parse({ ...LARGE, signal: abort.signal })
    const fine = parser.parse(FINE)
    abort.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    expect((await fine).symbols).toHaveLength(1)
  })

  it('refuses what it has not done when it is closed', async () => {
    const own = createCodeParser()
    const refused = expect(own.parse(LARGE)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
    await own.close()
    await refused
    await expect(own.parse(FINE)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  })
})
