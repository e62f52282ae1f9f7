import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OPTIONAL_PACKAGES } from '../shared/processes/optional-packages.ts'

/**
 * A door: `npm pack` and `npm publish` call it before and after. The package that apps install must not bring a Node of its own (190 MB,
 * which would also shadow the app's), nor what only a checkout needs; and may leave out what many apps do not.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MANIFEST = join(ROOT, 'package.json')
const FULL_MANIFEST = join(ROOT, '.data/package.json')
const ONLY_IN_A_CHECKOUT = ['scripts', 'devDependencies', 'optionalDependencies', 'overrides']

const [action] = process.argv.slice(2)
// Before reducing too: an `npm pack` that was interrupted has left the reduced manifest behind.
if (existsSync(FULL_MANIFEST)) restore()
if (action === 'reduce') reduce()
else if (action !== 'restore') {
  console.error('Usage: node scripts/pack-manifest.ts reduce|restore')
  process.exit(2)
}

function reduce(): void {
  const manifest = readManifest()
  mkdirSync(dirname(FULL_MANIFEST), { recursive: true })
  copyFileSync(MANIFEST, FULL_MANIFEST)
  const kept = Object.entries(manifest).filter(([field]) => !ONLY_IN_A_CHECKOUT.includes(field))
  const optional = new Set<string>(Object.values(OPTIONAL_PACKAGES).flat())
  const [optionalDependencies, dependencies] = [true, false].map((isOptional) =>
    Object.fromEntries(
      Object.entries(manifest.dependencies as object).filter(([name]) => optional.has(name) === isOptional),
    ),
  )
  const reduced = { ...Object.fromEntries(kept), dependencies, optionalDependencies }
  writeFileSync(MANIFEST, `${JSON.stringify(reduced, null, 2)}\n`)
}

/** A manifest that is whole already is newer than the copy. */
function restore(): void {
  if ('devDependencies' in readManifest()) rmSync(FULL_MANIFEST)
  else renameSync(FULL_MANIFEST, MANIFEST)
}

function readManifest(): Record<string, unknown> {
  return JSON.parse(readFileSync(MANIFEST, 'utf8'))
}
