import { readdirSync, readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { type ConfigInput, readConfig } from '../../../shared/config.ts'
import type { Log } from '../../../shared/observe/log.ts'
import { runGit } from '../../../workers/repo/git/git.ts'
import { fetchMirror } from '../../../workers/repo/git/git-mirror.ts'
import type { RepoLogin } from '../../../workers/repo/repo-services.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { type GitServer, startGitServer } from '../../helpers/repo/git-server.ts'
import { foundPaths, indexRef, startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { findEverywhere } from '../../helpers/services/find-leftovers.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Repositories of other hosts, over git's own HTTP: fetched by what is new, with credentials that nothing keeps, and within bounds whatever a server does. */

const ORG = 'org'
const PASSWORD = 'cloning-Sesame-8271'
const USERNAME = 'deployer'
const BASIC = Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')

const repos = useGitRepos()
const runtimes = useRuntimes(useStore())
let server: GitServer
beforeAll(async () => {
  server = await startGitServer(repos.dir)
})
beforeEach(() => server.reset())
afterAll(() => server.stop())

const lines: string[] = []
const say = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`)
const log: Log = { debug: say, info: say, warn: say, error: say }

function startCloning(overrides: Partial<ConfigInput> = {}, login?: () => RepoLogin | undefined): Promise<Runtime> {
  const settings: Partial<ConfigInput> = { repoHosts: ['localhost', '127.0.0.1'], repoCaFile: server.caFile }
  return startIndexing(
    runtimes,
    repos.dir,
    { ...settings, logLevel: 'debug', ...overrides },
    { log, ...(login && { repoCredentials: login }) },
  )
}

const functions = (name: string) =>
  Array.from({ length: 400 }, (_, at) => `export const ${name}${at} = () => ${Math.random()}\n`).join('')

/** The command lines of all processes that this one has started, and of theirs. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')]
      } catch {
        return []
      }
    })
}

it('fetches with the credentials of the host, only what is new, and keeps none of them', async () => {
  const repo = repos.create('shop')
  const first = repo.commit({ 'a.ts': functions('cartTotal'), 'b.ts': functions('mailWelcome') })
  server.requireLogin({ username: USERNAME, password: PASSWORD })
  let seen: string[] = []
  server.intercept((request) => {
    if (request.method === 'POST' && seen.length === 0) seen = commandLines()
    return false
  })
  const asked: string[] = []
  const login = ({ url }: { url: string }) => {
    asked.push(url)
    return { username: USERNAME, password: PASSWORD }
  }
  const runtime = await startCloning({}, login as never)
  expect(await indexRef(runtime, `${server.url}/shop`)).toMatchObject({ commit: first, failure: null, files: 2 })
  expect(asked).toEqual([`${server.url}/shop`])
  expect(await foundPaths(runtime, 'cartTotal7')).toContain('a.ts')
  const wholeBytes = server.bytesSent

  const second = repo.commit({ 'c.ts': 'export const stockOfWarehouse = 3\n' })
  server.reset()
  server.requireLogin({ username: USERNAME, password: PASSWORD })
  expect(await indexRef(runtime, `${server.url}/shop`)).toMatchObject({ commit: second, failure: null, files: 3 })
  expect(server.bytesSent).toBeLessThan(wholeBytes / 5)
  expect(await foundPaths(runtime, 'stock of warehouse')).toContain('c.ts')

  // A log of the host's, every row, every key of Redis, every command line, and what lies on the disk.
  const kept = readdirSync(join(repos.dir, 'mirrors'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  expect(seen.filter((line) => line.includes('/shop'))).not.toEqual([])
  for (const secret of [PASSWORD, BASIC]) {
    const redis = [inject('redisUrl'), inject('cacheRedisUrl')]
    expect(await findEverywhere(runtime.database, redis, secret)).toEqual([])
    for (const texts of [lines, seen, kept]) expect(texts.filter((text) => text.includes(secret))).toEqual([])
  }
})

it('serves the old index when a login is wrong or missing or a ref is gone, and does not repeat what it was told', async () => {
  const repo = repos.create('private')
  repo.commit({ 'a.ts': 'export const meaningOfLife = () => 42\n' })
  repo.git('branch', 'side')
  let login: RepoLogin | undefined = { username: USERNAME, password: PASSWORD }
  const runtime = await startCloning({}, () => login)
  const source = `${server.url}/private`
  server.requireLogin({ username: USERNAME, password: 'another' })
  const wrong = await indexRef(runtime, source)
  expect(wrong?.failure?.code).toBe('REPO_UNREACHABLE')
  expect(wrong?.failure?.message).toContain('403')
  expect(lines).not.toEqual([])
  for (const secret of [PASSWORD, BASIC]) {
    expect(wrong?.failure?.message).not.toContain(secret)
    expect(lines.filter((line) => line.includes(secret))).toEqual([])
    expect(await findEverywhere(runtime.database, [inject('redisUrl')], secret)).toEqual([])
  }
  server.requireLogin({ username: USERNAME, password: PASSWORD })
  expect((await indexRef(runtime, source))?.failure).toBeNull()
  expect((await indexRef(runtime, source, { ref: 'side' }))?.failure).toBeNull()
  login = undefined
  expect((await indexRef(runtime, source))?.failure?.message).toContain('could not read Username')
  login = { username: USERNAME, password: PASSWORD }
  repo.git('branch', '--delete', '--force', 'side')
  expect(await indexRef(runtime, source, { ref: 'side' })).toMatchObject({ failure: { code: 'REF_UNKNOWN' }, files: 1 })
  expect(await indexRef(runtime, `${server.url}/nowhere`)).toMatchObject({
    failure: { code: 'REPO_NOT_FOUND' },
    files: 1,
  })
  expect(await foundPaths(runtime, 'meaning of life')).toEqual(['a.ts'])
})

/** One line of git's protocol. */
const packet = (data: Buffer | string) =>
  Buffer.concat([Buffer.from((data.length + 4).toString(16).padStart(4, '0')), Buffer.from(data)])

it('ends what a server does not end, and follows nobody elsewhere', { timeout: 60_000 }, async () => {
  const repo = repos.create('odd')
  repo.commit({ 'a.ts': 'export const meaningOfLife = () => 42\n' })
  const source = `${server.url}/odd`
  const runtime = await startCloning({ repoFetchTimeoutMs: 1_000, repoMaxBytes: 400_000 }, () => ({
    password: PASSWORD,
  }))
  expect((await indexRef(runtime, source))?.failure).toBeNull()
  const failure = async () => (await indexRef(runtime, source))?.failure

  // It hangs before its answer.
  server.intercept(() => true)
  expect((await failure())?.message).toMatch(/git was ended after 1 s/)

  // It sends a file without end.
  const head = 'f'.repeat(40)
  const noise = Buffer.from(Array.from({ length: 60_000 }, () => Math.random() * 256))
  const stored = Buffer.alloc(5)
  stored.writeUInt16LE(noise.length, 1)
  stored.writeUInt16LE(~noise.length & 0xffff, 3)
  server.intercept((request, response) => {
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'application/x-git-upload-pack-advertisement')
      const capabilities = ['version 2\n', 'agent=test\n', 'ls-refs\n', 'fetch=shallow\n'].map(packet)
      response.end(Buffer.concat([...capabilities, Buffer.from('0000')]))
      return true
    }
    let asked = ''
    request.setEncoding('latin1').on('data', (data) => (asked += data))
    request.on('end', () => {
      response.setHeader('content-type', 'application/x-git-upload-pack-result')
      if (asked.includes('command=ls-refs')) {
        return void response.end(Buffer.concat([packet(`${head} HEAD\n`), Buffer.from('0000')]))
      }
      // One blob of a terabyte, in blocks that are not compressed.
      const header = Buffer.from([0x50, 0x41, 0x43, 0x4b, 0, 0, 0, 2, 0, 0, 0, 1, 0xb0, 0x80, 0x80, 0x80, 0x80, 0x40])
      response.write(packet('shallow-info\n'))
      response.write(Buffer.concat([packet(`shallow ${head}`), Buffer.from('0001')]))
      response.write(packet('packfile\n'))
      response.write(packet(Buffer.concat([Buffer.from([1]), header, Buffer.from([0x78, 0x01])])))
      const more = () => {
        while (response.write(packet(Buffer.concat([Buffer.from([1]), stored, noise]))));
      }
      response.on('drain', more).on('error', () => {})
      more()
    })
    return true
  })
  expect((await indexRef(runtime, `${server.url}/endless`))?.failure?.code).toBe('REPO_TOO_LARGE')

  // Elsewhere is another host, a path, and a login that is not for it.
  for (const location of [`https://127.0.0.1:${server.port}/odd`, `file://${repo.path}`]) {
    server.reset()
    server.intercept((request, response) => {
      if (request.headers.host !== `localhost:${server.port}`) return false
      response.writeHead(302, { location: `${location}/info/refs?service=git-upload-pack` }).end()
      return true
    })
    expect((await failure())?.code, location).toBe('REPO_UNREACHABLE')
    expect(server.requests.map(({ url }) => url.split('?')[0])).toEqual(server.requests.map(() => '/odd/info/refs'))
  }
  expect(await foundPaths(runtime, 'meaning of life')).toEqual(['a.ts'])
})

it('ends git and what it started when the run is cancelled while it is fetched', async () => {
  const repo = repos.create('hung')
  const commit = repo.commit({ 'a.ts': 'export const meaningOfLife = () => 42\n' })
  const runtime = await startCloning()
  const source = `${server.url}/hung`
  server.intercept(() => true)
  const { jobId } = await runtime.repos.index({ orgId: ORG, repoId: 'hung', source })
  const fetching = () => commandLines().filter((line) => line.includes(source))
  await until(
    async () => server.requests.length,
    (count) => count > 0,
  )
  expect(fetching()).not.toEqual([])
  expect(await runtime.jobs.cancel({ queue: 'repo-indexing', jobId: jobId })).toBe('stopped')
  await until(
    async () => fetching(),
    (left) => left.length === 0,
  )
  const status = async () => (await runtime.repos.status({ orgId: ORG, repoId: 'hung' }))[0]
  expect(await status()).toMatchObject({ isPending: false, commit: null, failure: { code: 'JOB_CANCELLED' } })
  // What it left of the mirror is no obstacle.
  server.reset()
  expect(await indexRef(runtime, source, { repoId: 'hung' })).toMatchObject({ commit, failure: null })
})

it('waits for a login only so long, and does not repeat what the host said of it', async () => {
  const repo = repos.create('asking')
  repo.commit({ 'a.ts': 'export const meaningOfLife = () => 42\n' })
  for (const login of [
    () => new Promise<never>(() => {}),
    () => Promise.reject(new Error(`${PASSWORD} has expired`)),
  ]) {
    const runtime = await startCloning({ repoFetchTimeoutMs: 1_000 }, login as never)
    const status = await indexRef(runtime, `${server.url}/asking`, { repoId: 'asking' })
    expect(status?.failure).toEqual({
      code: 'REPO_UNREACHABLE',
      message: '`repoCredentials` of the host failed or did not answer.',
    })
    await runtime.disconnect()
  }
  expect(lines.filter((line) => line.includes(PASSWORD))).toEqual([])
  expect(server.requests).toEqual([])
})

it('lists refs only as long as there is memory for them', { timeout: 60_000 }, async () => {
  const advertisement = packet(`${'0'.repeat(40)} refs/heads/${'x'.repeat(60_000)}\n`)
  server.intercept((_, response) => {
    response.setHeader('content-type', 'application/x-git-upload-pack-advertisement')
    response.write(Buffer.concat([packet('# service=git-upload-pack\n'), Buffer.from('0000')]))
    const more = () => {
      while (response.write(advertisement));
    }
    response.on('drain', more).on('error', () => {})
    more()
    return true
  })
  const config = readConfig({ DATABASE_URL: 'postgresql://u@db/x', REDIS_URL: 'redis://h' })
  const services = {
    config: { ...config, repoHosts: ['localhost'], repoCaFile: server.caFile, repoMirrorDir: join(repos.dir, 'many') },
    repoCredentials: undefined,
  }
  const repo = { orgId: ORG, repoId: 'many', ref: 'HEAD' }
  const source = { kind: 'url', protocol: 'https', url: `${server.url}/many` } as const
  await expect(fetchMirror(services, repo, source, AbortSignal.timeout(30_000))).rejects.toMatchObject({
    code: 'REPO_UNREACHABLE',
    message: expect.stringMatching(/out of memory/i),
  })
})

it('clones from nothing but public addresses, unless hosts are named', async () => {
  const unnamed = await startCloning({ repoHosts: undefined })
  for (const host of ['localhost', '127.0.0.1', '[::1]', '0x7f.1', '169.254.169.254', '[::ffff:127.0.0.1]'])
    for (const protocol of ['https', 'ssh'])
      expect(
        (await indexRef(unnamed, `${protocol}://${host}:${server.port}/inner`))?.failure?.code,
        `${protocol} ${host}`,
      ).toMatch(protocol === 'ssh' && host === '[::ffff:127.0.0.1]' ? /REPO_/ : 'REPO_REFUSED')
  expect(server.requests).toEqual([])
})

it('clones from no host but those that are named, and connects to the address that it looked at', async () => {
  const repo = repos.create('named')
  repo.commit({ 'a.ts': 'export const a = 1\n' })
  const named = await startCloning({ repoHosts: [`localhost:${server.port}`] })
  expect((await indexRef(named, `${server.url}/named`))?.failure).toBeNull()
  expect((await indexRef(named, `https://127.0.0.1:${server.port}/named`))?.failure?.message).toContain(
    'one of REPO_HOSTS',
  )
  expect((await indexRef(named, `https://localhost/named`))?.failure?.code).toBe('REPO_REFUSED')

  const pinned = await runGit(['ls-remote', `https://pinned.example:${server.port}/named`, 'HEAD'], {
    signal: AbortSignal.timeout(10_000),
    reach: 'https',
    settings: {
      'http.curloptResolve': `pinned.example:${server.port}:127.0.0.1`,
      'http.sslCAInfo': server.caFile,
    },
  })
  expect(pinned.output.toString()).toContain(repo.git('rev-parse', 'HEAD'))
})

it('starts ssh without questions, with the key of the host only', async () => {
  const keyFile = join(repos.dir, "it's a key")
  let greeting = ''
  let seen: string[] = []
  const sshd = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (data) => {
      greeting = data.toString()
      seen = commandLines()
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => sshd.listen(0, '127.0.0.1', resolve))
  const { port } = sshd.address() as { port: number }
  try {
    const runtime = await startCloning({}, () => ({ sshKeyFile: keyFile }))
    const status = await indexRef(runtime, `ssh://git@127.0.0.1:${port}/shop.git`)
    expect(status?.failure?.code).toBe('REPO_UNREACHABLE')
    expect(greeting).toMatch(/^SSH-2\.0-/)
    const ssh = seen.find((line) => line.startsWith('ssh ')) ?? ''
    expect(ssh).toContain(`-oBatchMode=yes -oIdentitiesOnly=yes -i ${keyFile} `)
    expect(ssh).toContain(`-p ${port} git@127.0.0.1 git-upload-pack '/shop.git'`)
  } finally {
    sshd.close()
  }
})

it('fetches through the proxy that is set', async () => {
  const targets: string[] = []
  const proxy = createHttpServer().on('connect', (request, socket) => {
    targets.push(request.url ?? '')
    const { hostname, port } = new URL(`https://${request.url}`)
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    for (const side of [upstream, socket]) side.on('error', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  try {
    const repoProxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const runtime = await startCloning({ repoProxy })
    const commit = repos.create('proxied').commit({ 'a.ts': 'export const throughProxy = 1\n' })
    expect(await indexRef(runtime, `${server.url}/proxied`, { repoId: 'proxied' })).toMatchObject({
      commit,
      failure: null,
    })
    expect(targets.length).toBeGreaterThan(0)
  } finally {
    proxy.close()
    proxy.closeAllConnections()
  }
})
