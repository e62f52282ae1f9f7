import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { programmingLanguageOf } from '../../../../../shared/repo/languages.ts'
import { withoutInlineData } from '../../../../../workers/repo/parsing/inline-data.ts'
import { readFile } from '../../../../../workers/repo/parsing/read-file.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

/** Pictures and other data that lie in files of code and prose are left out, and the files stay. */

const DATA = randomBytes(9_000).toString('base64')
const read = (path: string, named: string | null, text: string) =>
  readFile(Buffer.from(text), { path, named, isHandWritten: false })

describe('files with inline data', () => {
  it.each([
    ['icon.ts', 'typescript', `export const ICON = 'data:image/png;base64,${DATA}'\nexport function drawIcon() {}\n`],
    ['style.css', 'css', `.logo { background: url(data:image/svg+xml;base64,${DATA}) }\n.drawIcon { color: red }\n`],
    ['readme.md', 'markdown', `# Title\n![x](data:image/png;base64,${DATA})\ndrawIcon\n`],
    ['raw.py', 'python', `BLOB = "${DATA}"\ndef drawIcon(): pass\n`],
    [
      'avatar.php',
      'php',
      `<?php\n$avatar = ['svg' => '<svg viewBox="0 0 9 9">${DATA.replace(/\W/g, ' ')}</svg>'];\nfunction drawIcon() {}\n`,
    ],
    ['wrapped.txt', 'text', `before\n${DATA.replace(/.{76}/g, '$&\n')}\ndrawIcon\n`],
  ])('keeps %s', (path, named, text) => {
    const found = read(path, named, text)
    if ('skipReason' in found) throw new Error(found.skipReason)
    expect(found.text.length).toBeLessThan(400)
    expect(found.text).toContain('drawIcon')
    expect(found.text.split('\n')).toHaveLength(text.split('\n').length)
  })

  it.each([
    ["'", '"'],
    ['"', '\\"'],
    ['\\"', "'"],
    ['"""', '"'],
    ['`', '"'],
  ])('leaves out drawings in %s, and keeps the code between them', (quote, inner) => {
    const drawn = `${quote}<svg viewBox=${inner}0 0 9 9${inner}>${'M1 2 '.repeat(300)}</svg>${quote}`
    const text = `const a = ${drawn}; export function important(x) { return '<svg>' + x }; const b = ${drawn} // ${quote}\n`
    expect(withoutInlineData(text)).toBe(text.replaceAll(drawn, `${quote}…${quote}`))
  })

  it('reads drawings that do not end in the time of the text', async () => {
    for (const piece of [
      "'<svg",
      '\\"<svg',
      '\\\\"<svg',
      '"""<svg',
      '"<svg\n',
      '`<svg"<svg',
      '"<svg\\"',
      '"<svg\\\\',
    ]) {
      const text = piece.repeat(1_000_000 / piece.length)
      expect(await cpuMsOf(() => withoutInlineData(text)), JSON.stringify(piece)).toBeLessThan(1_000)
    }
  })

  it('leaves words, small icons and certificates', () => {
    const text = `const a = '${'x'.repeat(3_000)}'\nconst b = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='\n${`${'Ab1'.repeat(21)}\n`.repeat(20)}`
    expect(read('a.txt', 'text', text)).toMatchObject({ text })
  })
})

describe('long lines', () => {
  const records = Array.from({ length: 300 }, (_, nth) => `name ${nth}, `).join('')
  it.each([
    [
      'a string of data, with quotes of another kind and its own, escaped',
      `expect(found).toBe('${records}"\\'')\n`,
      'read',
    ],
    ['a list of numbers', `const TABLE = [${Array.from({ length: 3_000 }, (_, nth) => nth * 7).join(', ')}]\n`, 'read'],
    ['a list of escapes', `const SIGNS = /${'\\u{1f300}|'.repeat(900)}x/u\n`, 'read'],
    ['a string with a comment behind it', `const a = "${'QUJD'.repeat(900)}" // it's data\n`, 'read'],
    ['messages by their keys', `const TEXTS = {${'"order.paid": "Paid, thanks", '.repeat(300)}}\n`, 'read'],
    ['a regular expression', `const WORDS = /^(?:[^/]+|${'word|'.repeat(900)}x)$/\n`, 'read'],
    ['expressions that divide', `${'a=b/c;d=(e/f);'.repeat(400)}\n`, 'minified'],
    ['short regular expressions', `${'a=/b/.test(c);'.repeat(400)}\n`, 'minified'],
    ['a regular expression that does not end', `a=/${'b=c+d;'.repeat(900)}\n`, 'minified'],
    ['calls with strings', `${'t("a");'.repeat(900)}\n`, 'minified'],
    ['strings that do not end', `${'const a = "x'.repeat(900)}\n`, 'minified'],
    ['a program', `${'a("b",c);'.repeat(400)}\n`, 'minified'],
    ['a program that is evaluated', `eval("${'a(b,c);'.repeat(400)}")\n`, 'minified'],
  ])('are %s', (_, line, verdict) => {
    const found = read('fixture.js', 'javascript', `const before = 1\n${line}`)
    expect('skipReason' in found ? found.skipReason : 'read').toBe(verdict)
  })
})

it('takes paragraphs on lines of their own for prose, and not in a program', () => {
  const text = `${'A customer who pays in time gets a discount, and more. '.repeat(12)}\n`.repeat(4)
  for (const path of ['a.typ', 'a.haml', 'a.slim', 'a.heex', 'a.eex', 'a.feature', 'a.wl', 'a.ahk', 'a.rest'])
    expect(read(path, programmingLanguageOf(path), text)).toMatchObject({ text })
  expect(read('a.js', 'javascript', text)).toEqual({ skipReason: 'minified' })
})

describe('notebooks', () => {
  const cells = [
    { cell_type: 'markdown', metadata: {}, source: ['# Revenue\n', 'by month'] },
    {
      cell_type: 'code',
      execution_count: 1,
      metadata: {},
      outputs: [
        { name: 'stdout', output_type: 'stream', text: ['total 42\n'] },
        { data: { 'image/png': DATA, 'text/plain': ['<Figure>'] }, metadata: {}, output_type: 'display_data' },
      ],
      source: ['def revenue(month):\n', '    return month'],
    },
  ]
  const notebook = { cells, metadata: { language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 5 }

  it('puts the lines of cells where they stand in the file', () => {
    const json = JSON.stringify(notebook, null, 1)
    const found = read('analysis.ipynb', 'notebook', json)
    if ('skipReason' in found) throw new Error(found.skipReason)
    expect(found).toMatchObject({ language: 'python' })
    const lines = found.text.split('\n')
    expect(lines.filter((line) => line !== '')).toEqual([
      '# # Revenue',
      '# by month',
      '# total 42',
      '# <Figure>',
      'def revenue(month):',
      '    return month',
    ])
    const raw = json.split('\n').findIndex((line) => line.includes('def revenue'))
    expect(lines.indexOf('def revenue(month):')).toBe(raw)
  })

  it('measures the text of one, and not its pictures', () => {
    const [, code] = cells
    const picture = { data: { 'image/png': DATA.repeat(200) }, metadata: {}, output_type: 'display_data' }
    const large = { ...notebook, cells: [{ ...code, outputs: [picture] }] }
    expect(read('analysis.ipynb', 'notebook', JSON.stringify(large, null, 1))).toMatchObject({ language: 'python' })
    const wordy = { ...notebook, cells: [{ ...code, source: ['total = 1\n'.repeat(200_000)] }] }
    expect(read('analysis.ipynb', 'notebook', JSON.stringify(wordy))).toEqual({ skipReason: 'too_large' })
  })

  it('reads one that is written on one line, and takes what is none as it is', () => {
    const found = read('analysis.ipynb', 'notebook', JSON.stringify(notebook))
    expect(found).toMatchObject({
      text: '# # Revenue\n# by month\n\ndef revenue(month):\n    return month\n# total 42\n# <Figure>',
    })
    expect(read('broken.ipynb', 'notebook', '{"cells": ')).toMatchObject({ text: '{"cells": ', language: 'notebook' })
  })
})
