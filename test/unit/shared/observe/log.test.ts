import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { maskUrl } from '../../../../shared/observe/log.ts'

const LOG = new URL('../../../../shared/observe/log.ts', import.meta.url).href

function logged(level: string, call: string) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { createLog } from '${LOG}'; const log = createLog({ logLevel: '${level}' }); ${call}`,
    ],
    { encoding: 'utf8' },
  )
  return {
    stdout,
    lines: stderr
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  }
}

it('writes JSON lines to standard error, with secrets masked, and leaves standard output alone', () => {
  const { stdout, lines } = logged(
    'info',
    `log.info({ redisUrl: 's3cret', config: { openaiApiKey: 's3cret', token: 's3cret' }, password: 's3cret', orgId: 'o' }, 'hello'); log.debug({}, 'no')`,
  )
  expect(stdout).toBe('')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ msg: 'hello', orgId: 'o', redisUrl: '***', password: '***' })
  expect(JSON.stringify(lines)).not.toContain('s3cret')
})

it('keeps to its level', () => {
  const call = `log.debug({}, 'd'); log.info({}, 'i'); log.warn({}, 'w'); log.error({}, 'e')`
  expect(logged('warn', call).lines.map((line) => line.msg)).toEqual(['w', 'e'])
  expect(logged('silent', call).lines).toEqual([])
})

it.each([
  ['redis://:pass@h:1/0', 'redis://:***@h:1/0'],
  ['postgresql://user:pass@h/db', 'postgresql://user:***@h/db'],
  ['rediss://u:p%40ss@[::1]:6379', 'rediss://u:***@[::1]:6379'],
  ['redis://:a@b@h', 'redis://:***@h'],
  ['redis://:a/b@h/0', 'redis://:***@h/0'],
  ['redis://:a:b@h', 'redis://:***@h'],
  ['redis://h:6379', 'redis://h:6379'],
  ['pglite:///tmp/afterturn-x', 'pglite:///tmp/afterturn-x'],
])('shows %s as %s', (url, shown) => {
  expect(maskUrl(url)).toBe(shown)
})
