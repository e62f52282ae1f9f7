import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import * as api from '../../index.ts'
import { readmeExample } from '../helpers/readme-example.ts'

/** Every `@example`, the guides' examples and the README's are type-checked against the sources. The README's is also run, by package.test.ts. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'afterturn-examples-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The code of a docstring's `@example`, up to the next tag or the end. */
function examplesOf(file: string): string[] {
  const docstrings = readFileSync(join(ROOT, file), 'utf8').match(/\/\*\*[\s\S]*?\*\//g) ?? []
  return docstrings.flatMap((docstring) => {
    const text = docstring.replace(/^\/\*\*|\*\/$/g, '').replace(/^ *\* ?/gm, '')
    return text
      .split(/^@/m)
      .filter((tag) => tag.startsWith('example'))
      .map((tag) => tag.slice('example'.length).trim())
  })
}

/** An example stands for itself: what it uses of the package is imported, what it makes is its own. */
function asModule(example: string): string {
  if (/^import /m.test(example)) return example
  const used = Object.keys(api).filter((name) => new RegExp(`\\b${name}\\b`).test(example))
  return `import { ${used.join(', ')} } from 'afterturn'\n${example}\nexport {}\n`
}

it('examples compile', () => {
  const files = globSync(['*.ts', '{runtime,queues,workers,shared,dashboard,client,adapters}/**/*.ts'], { cwd: ROOT })
  const examples = files.flatMap((file) =>
    examplesOf(file).map((code, index) => ({ name: `${file} ${index + 1}`, code })),
  )
  expect(examples.length).toBeGreaterThanOrEqual(4)
  examples.push({ name: 'README.md', code: readmeExample() })
  for (const guide of globSync('docs/guides/*.md', { cwd: ROOT })) {
    const blocks = [...readFileSync(join(ROOT, guide), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    for (const [index, [, code]] of blocks.entries())
      examples.push({ name: `${guide} ${index + 1}`, code: code as string })
  }
  for (const { name, code } of examples)
    writeFileSync(join(directory, `${name.replace(/\W+/g, '-')}.ts`), asModule(code))
  const tsconfig = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      paths: {
        afterturn: [join(ROOT, 'index.ts')],
        'afterturn/env': [join(ROOT, 'env.ts')],
        'afterturn/client': [join(ROOT, 'client/index.ts')],
        'afterturn/ai-sdk': [join(ROOT, 'adapters/ai-sdk/index.ts')],
        'afterturn/langgraph': [join(ROOT, 'adapters/langgraph/afterturn-saver.ts')],
      },
      typeRoots: [join(ROOT, 'node_modules/@types')],
      noUnusedLocals: false,
    },
    include: ['*.ts'],
  }
  // Examples import packages as an app does.
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig))
  const { status, stdout } = spawnSync(
    join(ROOT, 'node_modules/.bin/tsc'),
    ['-p', directory, '--pretty', 'false', '--checkers', '1'],
    {
      encoding: 'utf8',
    },
  )
  expect(stdout).toBe('')
  expect(status).toBe(0)
})
