import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { listen } from '../../../shared/processes/listen.ts'
import { useApi } from '../../helpers/api.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The official suite against `POST /mcp` as it is mounted. It has no keys, so a proxy adds one; what does not pass is listed with its reason. */

const SUITE = fileURLToPath(
  new URL('../../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
)
const EXCEPTIONS = fileURLToPath(new URL('./mcp-exceptions.yml', import.meta.url))
const startApi = useApi(useRuntimes(useStore()))

it('passes the official suite but for the listed exceptions', async () => {
  const api = await startApi()
  const key = await api.keyOf(`org-${crypto.randomUUID()}`)
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${key}` }
    const forwarded = request(`${api.url}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  const url = await listen(proxy, { host: '127.0.0.1', port: 0 }, 'api')
  const args = [SUITE, 'server', '--url', `${url}/mcp`, '--expected-failures', EXCEPTIONS]
  const child = spawn(process.execPath, args, { env: { ...BARE_ENVIRONMENT, HOME: process.env.HOME } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
  expect(code, output).toBe(0)
})
