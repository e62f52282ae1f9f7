import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A door: `npm run build` makes `dist/`: JavaScript and types of the public API and the processes, and the files that they read beside them.
 * Guarantees: every such file is there, or the build fails. Tests, benchmarks and the demo are not in it, since no entry imports them.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'dist')
const COMMAND = join(DIST, 'cli/afterturn.js')

rmSync(DIST, { recursive: true, force: true })
// More checkers than one look at much of the same, for twice the CPU.
const compile = ['-p', join(ROOT, 'tsconfig.build.json'), '--checkers', '1']
const { status } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), compile, { stdio: 'inherit' })
if (status !== 0) process.exit(1)

for (const module of filesIn('**/*.js')) addressCompiledPrograms(module)
const assets = new Set(filesIn('**/*.js').flatMap(assetsOf))
for (const asset of assets) {
  if (!existsSync(join(ROOT, asset))) {
    console.error(`${asset} is read by the code and does not exist.`)
    process.exit(1)
  }
  cpSync(join(ROOT, asset), join(DIST, asset), { recursive: true })
}
for (const file of filesIn('**/*.d.ts')) nameCompiledFiles(file)
chmodSync(COMMAND, 0o755)
console.log(`dist/: ${filesIn('**/*.js').length} modules; beside them ${[...assets].sort().join(', ')}`)

function filesIn(pattern: string): string[] {
  return globSync(pattern, { cwd: DIST }).map((file) => join(DIST, file))
}

/** What a module finds through its own address, as paths from the root. A use that cannot be read off the code stops the build. */
function assetsOf(module: string): string[] {
  const code = readFileSync(module, 'utf8')
  const addresses = [...code.matchAll(/new URL\('([^']+)', import\.meta\.url\)/g)]
  // What a package holds is found where npm has put it, and a name's ending finds nothing.
  const resolved =
    code.split(/import\.meta\.resolve\(|createRequire\(import\.meta\.url\)|\(import\.meta\.url \?\? ''\)\.endsWith\(/)
      .length - 1
  if (addresses.length + resolved !== code.split('import.meta').length - 1) {
    console.error(
      `${relative(DIST, module)} uses import.meta other than as new URL('FILE', import.meta.url) or to resolve a package's file.`,
    )
    process.exit(1)
  }
  const paths = addresses.map(([, address]) => join(dirname(relative(DIST, module)), address as string))
  return paths.filter((path) => !existsSync(join(DIST, path)))
}

/** A program that is started as a process of its own is found by its address, which the compiler leaves as it is. */
function addressCompiledPrograms(module: string): void {
  const code = readFileSync(module, 'utf8')
  writeFileSync(module, code.replace(/(new URL\('[^']+)\.ts(', import\.meta\.url\))/g, '$1.js$2'))
}

/** The compiler rewrites the imports of `.js` files only; the types must name what is in the package too. */
function nameCompiledFiles(declaration: string): void {
  const text = readFileSync(declaration, 'utf8')
  writeFileSync(declaration, text.replace(/((?:from |import\()['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'))
}
