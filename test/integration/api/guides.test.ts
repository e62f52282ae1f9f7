import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type TestApi, useApi } from '../../helpers/api.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The guide's programs in other languages, run as they stand. */

const GUIDE = readFileSync(fileURLToPath(new URL('../../../docs/guides/http.md', import.meta.url)), 'utf8')
const programsIn = (language: string) =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code as string)
const has = (program: string) => spawnSync(program, ['--version']).status === 0

const startApi = useApi(useRuntimes(useStore()))

/** Not in the test's own process: it serves the API meanwhile. */
async function run(api: TestApi, program: string, args: readonly string[], code: string) {
  const key = await api.keyOf('acme')
  const env = { ...BARE_ENVIRONMENT, AFTERTURN_URL: api.url, AFTERTURN_API_KEY: key }
  const child = spawn(program, args, { env })
  child.stdin.end(code)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const status = await new Promise((resolve) => child.once('close', resolve))
  return { status, output }
}

it.runIf(has('curl'))('curl records and finds a turn', async () => {
  const api = await startApi()
  const [record, search] = programsIn('sh')
  expect(await run(api, 'sh', [], record as string)).toMatchObject({
    status: 0,
    output: expect.stringContaining('"recorded":"yes"'),
  })
  expect(await run(api, 'sh', [], search as string)).toMatchObject({
    status: 0,
    output: expect.stringContaining('I moved to Lisbon'),
  })
})

it.runIf(has('python3'))('python records and finds a turn', async () => {
  const api = await startApi()
  const [program] = programsIn('python')
  expect(await run(api, 'python3', ['-'], program as string)).toEqual({
    status: 0,
    output: expect.stringContaining('My cat is called Miso.'),
  })
})
