import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { QUEUE_NAMES } from '../../queues/catalog.ts'

/** What the pages say is there: files, commands, queues, and a test behind each promise. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT })
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8')
const linksOf = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string)

describe.each(PAGES)('%s', (page) => {
  it('links to files that exist', () => {
    const relative = linksOf(read(page)).filter((target) => !/^\w+:/.test(target))
    expect(relative.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([])
  })

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read(page).matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map(
      ([, run, short]) => run ?? short,
    )
    expect(named.filter((name) => name !== undefined && !(name in scripts))).toEqual([])
  })
})

it('each guarantee has a test behind it', () => {
  const promises = read('docs/guarantees.md')
    .split('\n')
    .filter((line) => line.startsWith('| **'))
  expect(promises.length).toBeGreaterThan(12)
  for (const promise of promises) {
    const targets = linksOf(promise)
    expect(targets.length, promise).toBeGreaterThan(0)
    for (const target of targets) expect(target).toMatch(/^\.\.\/test\/.+\.test\.ts$/)
  }
})

it('the README has a row for each queue, and fits on three screens', () => {
  const readme = read('README.md')
  for (const queue of QUEUE_NAMES) expect(readme).toContain(`| \`${queue}\` |`)
  expect(readme.split('\n').length).toBeLessThanOrEqual(150)
})

it('each command that CONTRIBUTING lists sets up what is missing, as it says', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const table = /## Run it\n([\s\S]*?)\n## /.exec(read('CONTRIBUTING.md'))?.[1] ?? ''
  const named = [...table.matchAll(/`npm (?:run )?([\w:-]+)[^`]*`/g)].map(([, name]) => name as string)
  expect(named.length).toBeGreaterThan(10)
  const unprepared = named.filter(
    (name) => !/^node scripts\/bootstrap\.mjs( --run)?$/.test(scripts[`pre${name}`] ?? ''),
  )
  expect([...new Set(unprepared)]).toEqual(['start'])
})

it('the generated pages are what the code says', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/write-docs.ts'), '--check'], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
})
