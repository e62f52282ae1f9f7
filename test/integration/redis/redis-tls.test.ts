import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createRuntime } from '../../../runtime.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { type BareRedis, redisProgram, startBareRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { untilSettled } from '../../helpers/until.ts'

/** A Redis as providers have it: TLS only, and a user of one's own who may touch one's own keys. */

const USER = 'fleet'
const PASSWORD = 'p@ss:w/rd %'
const PREFIX = 't-tls'

/** Why there is nothing to test here; undefined when there is. */
function reasonToSkip(): string | undefined {
  const { path, env } = redisProgram()
  try {
    // A build without TLS does not know the setting.
    execFileSync(path, ['--port', '0', '--tls-port', '0', '--save', ''], { env, stdio: 'pipe', timeout: 10_000 })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: Buffer | string; stderr?: Buffer | string }
    if (/bad directive|wrong number|no tls|not supported/i.test(`${stdout}${stderr}`))
      return 'this build of Redis has no TLS'
  }
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
  } catch {
    return 'there is no openssl here to make certificates'
  }
  return undefined
}

const reason = reasonToSkip()
if (reason) console.warn(`Redis with TLS is not tested: ${reason}`)

describe.skipIf(reason !== undefined)('a Redis with TLS and a user', () => {
  const runtimes = useRuntimes(useStore())
  const trusted = getCACertificates('default')
  let server: BareRedis
  let directory: string

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'afterturn-test-tls-'))
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const files = ['-keyout', 'key.pem', '-out', 'certificate.pem', '-days', '1', '-nodes']
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    execFileSync('openssl', ['req', '-x509', ...curve, ...files, ...subject], { cwd: directory, stdio: 'pipe' })
    server = await startBareRedis((port) => [
      'port 0',
      `tls-port ${port}`,
      `tls-cert-file ${directory}/certificate.pem`,
      `tls-key-file ${directory}/key.pem`,
      'tls-auth-clients no',
      `tls-ca-cert-file ${directory}/certificate.pem`,
      'user default off',
      `user ${USER} on ">${PASSWORD}" ~${PREFIX}:* &${PREFIX}:* +@all -@dangerous +info +client`,
    ])
  })
  const cleanUps: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    setDefaultCACertificates(trusted)
    for (const cleanUp of cleanUps.splice(0)) await cleanUp()
  })
  afterAll(async () => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const trust = () => setDefaultCACertificates([...trusted, readFileSync(join(directory, 'certificate.pem'), 'utf8')])
  const urlWith = (password: string) => `rediss://${USER}:${encodeURIComponent(password)}@localhost:${server.port}`
  const refusal = async (redisUrl: string) => {
    // The questions before a login that nobody answers keep their timers for as long.
    const config = runtimes.config({ redisUrl, redisKeyPrefix: PREFIX, enqueueTimeoutMs: 2_000 })
    const runtime = createRuntime(config, { log: silentLog })
    const error = await runtime.connect().then(
      () => undefined,
      (thrown) => thrown,
    )
    await runtime.disconnect()
    return error
  }

  it('carries a turn to its memory, on the keys of that user alone', async () => {
    trust()
    const redisUrl = urlWith(PASSWORD)
    const runtime = await runtimes.start({ redisUrl, cacheRedisUrl: redisUrl, redisKeyPrefix: PREFIX })
    await runtime.startWorkers()
    await runtime.memory.recordTurn(turn(1, { orgId: 'tls' }))
    expect(await untilSettled(runtime, 'tls')).toMatchObject({ turns: { extracted: 1 }, memories: 1 })
    await expect(runtime.redis.getConnection().get('other:key')).rejects.toThrow('NOPERM')
    expect((await runtime.killSwitch.status()).isRedisReadable).toBe(true)
  })

  it('says in one message what is wrong: the password', async () => {
    trust()
    const error = await refusal(urlWith('guessed'))
    expect(error).toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringMatching(/refuses the login: WRONGPASS/),
      remedy: expect.stringContaining('password in REDIS_URL'),
    })
    expect(`${error.message} ${error.remedy}`).not.toContain('guessed')
  })

  it('says in one message what is wrong: a certificate that is not trusted', async () => {
    expect(await refusal(urlWith(PASSWORD))).toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringMatching(/certificate.*is refused: .*certificate/),
      remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
  })

  it('says in one message what is wrong: no TLS where the server wants it, TLS where it has none', async () => {
    const plain = await startBareRedis()
    cleanUps.push(plain.stop)
    const [without, withTls] = await Promise.all([
      refusal(urlWith(PASSWORD).replace('rediss:', 'redis:')),
      refusal(plain.url.replace('redis:', 'rediss:')),
    ])
    expect(without).toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringContaining('speaks TLS only'),
      remedy: 'Write rediss:// instead of redis:// in REDIS_URL.',
    })
    expect(withTls).toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringContaining('speaks no TLS'),
      remedy: 'Write redis:// instead of rediss:// in REDIS_URL.',
    })
  })
})
