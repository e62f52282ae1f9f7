import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type CodeParserOptions, createCodeParser, type ParsedFile } from '../../../workers/repo/parsing/code-parser.ts'
import { childrenOf } from '../../helpers/processes/child-processes.ts'
import { parseText } from '../../helpers/repo/parse-text.ts'

/** Parsing in a process of its own: what a grammar does there, the files after it do not notice. */

const parser = createCodeParser()
afterAll(() => parser.close())

const MAX_TOKENS = 500
const FINE = { language: 'python', text: 'def fine():\n    return 1\n' }
const LARGE = {
  language: 'typescript',
  text: 'export function f(a: number) { return { x: a, y: [1, 2, 3] } }\n'.repeat(23_000),
}

/** Each `<` may begin arguments of a template or compare: the grammar follows both for seconds. */
const SLOW = { language: 'cpp', text: 'a<b<c<d>>> x(e<f>(g), h<i>(j));\n'.repeat(45_000) }

/** With the tree of a file of 0.5 MB; V8 takes 2 GB to optimise the lexer of PowerShell. */
const MAX_PEAK_KB = 500_000

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
    return await Promise.all([parseText(own, file), parseText(own, FINE)])
  } finally {
    await own.close()
  }
}

describe('a file that its grammar does not come back from', () => {
  it.each([
    ['takes too long', 'deadline', SLOW, { deadlineMs: 2_000 }],
    ['takes too much memory', 'crash', LARGE, { memoryBytes: 96 * 1_024 * 1_024, deadlineMs: 100_000 }],
  ])('is cut by lines when it %s, and the next one is parsed', async (_, fallback, file, options) => {
    const [large, fine] = await parseBoth(options, file)
    expect(large).toMatchObject({ fallback, symbols: [] })
    expect(large.chunks.every(({ kind, tokens }) => kind === 'window' && tokens <= MAX_TOKENS)).toBe(true)
    expect(large.chunks.map(({ text }) => text).join('\n')).toBe(file.text.trimEnd())
    expect(fine).toMatchObject({ fallback: null, symbols: [{ name: 'fine', kind: 'function' }] })
  })
})

it('waits for a process that has no processor, past its deadline', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const others = new Set(parsers())
  const deadlineMs = 1_000
  const own = createCodeParser({ deadlineMs })
  try {
    await parseText(own, FINE)
    const [pid] = parsers().filter((one) => !others.has(one)) as [number]
    process.kill(pid, 'SIGSTOP')
    const parsing = parseText(own, { language: 'css', text: '.button { color: red }\n' })
    vi.advanceTimersByTime(3 * deadlineMs)
    process.kill(pid, 'SIGCONT')
    expect(await parsing).toMatchObject({ fallback: null, symbols: [{ name: '.button' }] })
  } finally {
    await own.close()
  }
})

it.each([
  [
    'javascript',
    '(function (root) {\n  function debounce() {\n    return 1\n  }\n  var local = 2\n})(this)',
    ['function debounce 2-4'],
  ],
  ['javascript', 'export default defineComponent({\n  methods: {\n    save() {},\n  },\n})', ['method save 3-3']],
  [
    'typescript',
    'export const useStore = create((set) => ({\n  inc: () => set(1),\n}))',
    ['variable useStore 1-3', 'method inc 2-2'],
  ],
  [
    'ruby',
    'class A\n  private def hidden\n  end\n  Point = Struct.new(:x) do\n    def dist; end\n  end\nend',
    ['class A 1-7', 'method hidden 2-3', 'method dist 5-5'],
  ],
  ['php', '<?php\nconst LIMIT = 1;\nclass C { const Z = 1; }', ['constant LIMIT 2-2', 'class C 3-3']],
  ['kotlin', 'fun interface F {\n  fun x()\n}', ['interface F 1-3', 'method x 2-2']],
  [
    'cpp',
    'class API A {\n  struct B {\n    void f() {}\n  };\n};\n#define MAX 3',
    ['class A 1-5', 'struct B 2-4', 'method f 3-3', 'constant MAX 6-6'],
  ],
  ['c', 'typedef struct tag { int a; } Name;', ['type Name 1-1', 'struct tag 1-1']],
  ['c', 'typedef int (*compare)(const void *, const void *);', ['type compare 1-1']],
  [
    'kotlin',
    'val Cart.length: Int\n  get() = 1\nval onAdd: (Int) -> Unit = { x -> println(x) }',
    ['property length 1-2', 'property onAdd 3-3'],
  ],
  ['typescript', "declare module './cart' {\n  interface Cart {\n    size: number\n  }\n}", ['interface Cart 2-5']],
])('finds what stands inside calls, blocks and other definitions: %s, %j', async (language, text, expected) => {
  const { symbols } = await parseText(parser, { language, text })
  expect(symbols.map(({ name, kind, startLine, endLine }) => `${kind} ${name} ${startLine}-${endLine}`)).toEqual(
    expected,
  )
})

it('leaves out a file that ends two processes, and reads the next one', async () => {
  const own = createCodeParser({ memoryBytes: 72 * 1_024 * 1_024, deadlineMs: 100_000 })
  try {
    // So many lists that they have no room.
    const content = Buffer.from(`[${'[],'.repeat(5_000_000)}[]]`)
    const [large, fine] = await Promise.all([
      own.read({ language: 'notebook', path: 'large.ipynb', content }),
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
    ['one line of 1.4 MB', 'javascript', `const a = [${'"x",'.repeat(350_000)}]`],
    ['mixed line ends and broken characters', 'go', 'package a\r\nfunc f() {}\r\n\rfunc \ud800g() {}\n\ufffd'],
    ['a table', 'c', `int t[] = {\n${'0x12, 0x34, 0x56, 0x78,\n'.repeat(5_000)}};`],
    ['a language without a grammar', 'cobol', 'DISPLAY "HELLO".\n'.repeat(100)],
    ['nothing', 'rust', ' \n\n\t\n'],
  ])('%s is cut whole, within the limit of tokens', async (_, language, text) => {
    const parsed = await parseText(parser, { language, text })
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
    const parsing = ['a', 'b', 'c'].map((name) => parseText(own, { ...FINE, text: FINE.text.replace('fine', name) }))
    const [pid, ...more] = parsers().filter((one) => !others.has(one) && !seen.has(one))
    expect([pid, more]).toEqual([expect.any(Number), []])
    seen.add(pid as number)
    const parsed = await Promise.all(parsing)
    expect(parsed.map(({ symbols }) => symbols[0]?.name)).toEqual(['a', 'b', 'c'])
  }
  await own.close()
  expect(parsers().filter((one) => !others.has(one))).toEqual([])
})

it('gives its process nothing of the environment but where compiled modules are', async () => {
  const others = new Set(parsers())
  const own = createCodeParser()
  await parseText(own, FINE)
  const [pid] = parsers().filter((one) => !others.has(one))
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').slice(0, -1)
  expect(variables.map((variable) => variable.split('=', 1)[0]).sort()).toEqual([
    'NODE_CHANNEL_FD',
    'NODE_CHANNEL_SERIALIZATION_MODE',
    'NODE_COMPILE_CACHE',
  ])
  await own.close()
})

it('stays small while a large lexer runs often', async () => {
  const others = new Set(parsers())
  const own = createCodeParser()
  const text = `function Get-Part { param([string]$Name) if ($Name -eq 'a') { Write-Output "x $Name" } }\n`
  await parseText(own, { language: 'powershell', text: text.repeat(6_000) })
  const [pid] = parsers().filter((one) => !others.has(one))
  const [, peakKb] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  await own.close()
  expect(Number(peakKb)).toBeLessThan(MAX_PEAK_KB)
})

describe('a parser that is left', () => {
  it('refuses what was aborted, and goes on', async () => {
    const abort = new AbortController()
    const aborted = parseText(parser, { ...LARGE, signal: abort.signal })
    const fine = parseText(parser, FINE)
    abort.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    expect((await fine).symbols).toHaveLength(1)
  })

  it('refuses what it has not done when it is closed', async () => {
    const own = createCodeParser()
    const refused = expect(parseText(own, LARGE)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
    await own.close()
    await refused
    await expect(parseText(own, FINE)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  })
})
