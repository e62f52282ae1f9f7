import { expect, inject, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { factsOfTurns, summaryOf } from '../../helpers/models/model-answers.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { startIndexing } from '../../helpers/repo/repo-indexing.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { findEverywhere } from '../../helpers/services/find-leftovers.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** Canaries: secrets that an app records reach no model server and no derived row, key or result. The app's own rows keep them. */

const ORG = 'org'
const WORKSTREAM = 'w'
const TURNS = 13
const repos = useGitRepos()
const runtimes = useRuntimes(useStore())
const model = await useModelServer()

// Assembled, so that scanners do not take the fixtures for leaks.
const CANARIES = {
  key: `AKIA${'QWERTZUI'.repeat(2)}`,
  password: 'kingfisher-Oar-1908',
  pem: `MIIEvQ${'IBADANBgkq7hkiG9w0'.repeat(6)}`,
  url: 'heron-Delta-7731',
  argument: `ghp_${'Zx8Yw7Vu6Ts5'.repeat(3)}`,
  output: `sk-ant-api03-${'Qq1Ww2Ee3'.repeat(4)}`,
  asked: 'osprey-Beta-4402',
}
const PEM = `-----BEGIN PRIVATE${' '}KEY-----\n${CANARIES.pem}\n-----END PRIVATE${' '}KEY-----`

const settings = (embeddingDims: number) => ({
  openaiBaseUrl: model.url,
  completionModel: 'gpt-4o',
  completionCache: true,
  embeddingDims,
  retryBackoffMs: 10,
  sweepIntervalMs: 1_000,
  contextWindowTokens: 4_000,
})

const turn = (turnId: string, content: string, more: readonly object[] = []) => ({
  orgId: ORG,
  workstreamId: WORKSTREAM,
  turnId,
  messages: [{ role: 'user' as const, name: 'Maya', content }, ...(more as [])],
})

/** Which canaries a text holds, in whatever letters. */
const canariesIn = (text: string) =>
  Object.entries(CANARIES).flatMap(([name, secret]) =>
    text.toLowerCase().includes(secret.toLowerCase()) ? [name] : [],
  )
const sent = () => canariesIn(JSON.stringify(model.requests.map(({ body }) => body)))

const find = (runtime: Runtime, secret: string) =>
  findEverywhere(runtime.database, [inject('redisUrl'), inject('cacheRedisUrl')], secret)

/** Where canaries are beside the messages as the app recorded them. */
async function whereDerived(runtime: Runtime): Promise<string[]> {
  const places = await Promise.all(Object.values(CANARIES).map((secret) => find(runtime, secret)))
  return places.flat().filter((place) => !/^\d+ rows of messages$/.test(place))
}

it('secrets stay in the app’s own rows: in turns, compactions, searches, re-embedding and code', async () => {
  model.completionFor((body) =>
    JSON.stringify(body.response_format).includes('openTasks')
      ? summaryOf({ goal: 'Ship the export.', decisions: ['Maya decided on CSV.'], keep: [0, 1] })
      : factsOfTurns(body),
  )
  const runtime = await startIndexing(runtimes, repos.dir, settings(64))
  // The first message of a conversation is pinned, and no part of a summary.
  await runtime.memory.recordTurn(turn('t0', 'Good morning.'))
  await runtime.memory.recordTurn(
    turn('t1', `I live in Porto. The deploy key is ${CANARIES.key} and the wifi password is ${CANARIES.password}.`, [
      { role: 'assistant', content: `Use postgres://app:${CANARIES.url}@db.example/app and:\n${PEM}` },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'login', arguments: `{"key":"${CANARIES.argument}"}` } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: `${'row '.repeat(40)}${CANARIES.output}${' row'.repeat(2_000)}` },
    ]),
  )
  const query = `Porto, my password: "${CANARIES.asked}"`
  const pending = await runtime.memory.search({ orgId: ORG, workstreamId: WORKSTREAM, query })
  expect(pending.turns[0]).toMatchObject({ turnId: 't1', isExtracted: false })
  expect(canariesIn(JSON.stringify(pending))).toEqual([])

  await runtime.startWorkers(['memory-digest', 'context-compaction'])
  for (let number = 2; number < TURNS; number += 1)
    await runtime.memory.recordTurn(turn(`t${number}`, `Column ${number} of the export comes next. `.repeat(40)))
  await untilSettled(runtime, ORG)
  const compactions = () => runtime.database.selectFrom('compactions').selectAll().execute()
  await until(compactions, (rows) => JSON.stringify(rows).includes('wifi'))

  const repo = repos.create('repo')
  repo.commit({
    'src/login.ts': `export const login = () => connect('${CANARIES.key}', password = '${CANARIES.password}')\n`,
  })
  await runtime.repos.index({ orgId: ORG, repoId: 'repo', source: repo.path })
  await until(
    () => runtime.repos.status({ orgId: ORG }),
    (all) => all.length === 1 && all.every(({ isPending }) => !isPending),
  )

  const results = [
    await runtime.memory.search({ orgId: ORG, workstreamId: WORKSTREAM, query }),
    await runtime.memory.promptBlock({ orgId: ORG, workstreamId: WORKSTREAM, query }),
    await runtime.repos.search({ orgId: ORG, query: `login ${CANARIES.argument}` }),
    await runtime.repos.outline({ orgId: ORG, repoId: 'repo', path: 'src/login.ts' }),
  ]
  expect(canariesIn(JSON.stringify(results))).toEqual([])
  await runtime.disconnect()

  const changed = await runtimes.start(settings(32))
  await changed.startWorkers(['memory-reembedding'])
  await until(
    () => changed.database.selectFrom('vector_spaces').selectAll().where('dims', '=', 32).execute(),
    (spaces) => spaces.some(({ item_kind, items }) => item_kind === 'turn' && Number(items) === TURNS),
  )
  expect(sent()).toEqual([])
  expect(await whereDerived(changed)).toEqual([])
  // Whole for the app: the rows are its data.
  expect(await find(changed, CANARIES.password)).toEqual(['1 rows of messages'])
})
