import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A git server as hosting services are: git's own smart HTTP behind TLS, with a certificate of its own and, if wanted, a login. */
export type GitServer = {
  /** Ends without a slash; repositories of the directory lie below it. */
  readonly url: string
  readonly port: number
  readonly caFile: string
  /** Bytes of answers since the last `reset`. */
  readonly bytesSent: number
  readonly requests: readonly { readonly method: string; readonly url: string; readonly authorization: string }[]
  /** Who has to log in from now on, as Basic has it; undefined: nobody. */
  requireLogin(login: { readonly username: string; readonly password: string } | undefined): void
  /** Requests for which this answers true are not git's any more. */
  intercept(answer: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined): void
  reset(): void
  stop(): Promise<void>
}

export async function startGitServer(directory: string): Promise<GitServer> {
  const own = mkdtempSync(join(tmpdir(), 'afterturn-test-git-server-'))
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:pinned.example,IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const files = ['-keyout', 'key.pem', '-out', 'certificate.pem']
  execFileSync('openssl', ['req', '-x509', ...key, ...files, ...names], { cwd: own, stdio: 'pipe' })
  const caFile = join(own, 'certificate.pem')
  const requests: { method: string; url: string; authorization: string }[] = []
  let expected: string | undefined
  let answer: Parameters<GitServer['intercept']>[0]
  let bytesSent = 0

  const server = createServer(
    { key: readFileSync(join(own, 'key.pem')), cert: readFileSync(caFile) },
    (request, response) => {
      const { method = '', url = '', headers } = request
      requests.push({ method, url, authorization: headers.authorization ?? '' })
      if (answer?.(request, response)) return
      if (expected !== undefined && headers.authorization !== expected) {
        // Some services repeat what they were told.
        const said = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString()
        response.writeHead(headers.authorization ? 403 : 401, {
          'content-type': 'text/plain',
          'www-authenticate': 'Basic realm="git"',
        })
        return void response.end(`not for ${said} (${headers.authorization ?? 'nobody'})\n`)
      }
      serveGit(directory, request, response, (bytes) => {
        bytesSent += bytes
      })
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `https://localhost:${port}`,
    port,
    caFile,
    get bytesSent() {
      return bytesSent
    },
    requests,
    requireLogin(login) {
      expected = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
    },
    intercept(next) {
      answer = next
    },
    reset() {
      expected = undefined
      answer = undefined
      bytesSent = 0
      requests.length = 0
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(own, { recursive: true, force: true })
    },
  }
}

/** CGI, RFC 3875, as far as `git http-backend` asks for it. */
function serveGit(
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
  onSent: (bytes: number) => void,
): void {
  const { pathname, search } = new URL(request.url ?? '/', 'https://localhost')
  const { headers } = request
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: directory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(backend.stdin)
  backend.stdin.on('error', () => {})
  response.on('close', () => backend.kill())
  let head: Buffer | undefined = Buffer.alloc(0)
  backend.stdout.on('data', (data: Buffer) => {
    if (head === undefined) {
      onSent(data.length)
      return void response.write(data)
    }
    head = Buffer.concat([head, data])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    for (const line of head.toString('latin1', 0, end).split('\r\n')) {
      const [, name = '', value = ''] = /^([^:]+): *(.*)$/.exec(line) ?? []
      if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10)
      else response.setHeader(name, value)
    }
    onSent(head.length - end - 4)
    response.write(head.subarray(end + 4))
    head = undefined
  })
  backend.stdout.on('end', () => response.end())
}
