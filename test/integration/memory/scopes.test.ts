import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import type { TurnInput } from '../../../shared/memory/recording/turn-input.ts'
import type { Viewer } from '../../../shared/store/scopes.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { untilSettled } from '../../helpers/until.ts'

/** Every way in which memory is read, by everybody who may ask: each sees what is theirs and the org's, all of it, and nothing else. */

const runtimes = useRuntimes(useStore())
const orgId = 'org'

// Names that would meet if a scope were told by its text alone.
const USERS = ['ana', 'user:ana', 'w1']
const AGENTS = ['ana', 'agent:ana']
const STREAMS = ['w1', 'workstream:w1']
const SCOPES = ['org', 'user', 'agent', 'workstream'] as const

/** A number in letters: two digits. */
const named = (number: number) => [...`${number}`.padStart(2, '0')].map((digit) => 'abcdefghij'[Number(digit)]).join('')
const numberOf = (name: string) => Number([...name].map((letter) => 'abcdefghij'.indexOf(letter)).join(''))

type Said = TurnInput & Record<'userId' | 'agentId', string> & { readonly scope: (typeof SCOPES)[number] }
const TURNS: Said[] = SCOPES.flatMap((scope) =>
  STREAMS.flatMap((workstreamId) =>
    USERS.flatMap((userId) => AGENTS.map((agentId) => ({ scope, workstreamId, userId, agentId }))),
  ),
).map((place, number) => ({
  ...place,
  orgId,
  turnId: `t${number}`,
  at: new Date(Date.UTC(2026, 0, 1, 0, number)),
  // The same words in every scope, and one property with another value in each.
  messages: [
    `I prefer the secret word token${named(number)}k.`,
    'I prefer tea without milk.',
    `My phone number is 91234${`${number}`.padStart(2, '0')}9.`,
  ].map((content) => ({ role: 'user' as const, name: 'Maya', content })),
}))

const VIEWERS: Viewer[] = [
  {},
  { userId: 'nobody', agentId: 'nobody', workstreamId: 'nobody' },
  ...USERS.map((userId) => ({ userId })),
  ...AGENTS.map((agentId) => ({ agentId })),
  ...STREAMS.map((workstreamId) => ({ workstreamId })),
  { userId: 'ana', agentId: 'agent:ana' },
  { userId: 'w1', agentId: 'ana', workstreamId: 'w1' },
]

function maySeeTurn(turn: Said, viewer: Viewer): boolean {
  if (turn.scope === 'org') return true
  const key = `${turn.scope}Id` as const
  return turn[key] === viewer[key]
}

const numbersIn = (text: string) =>
  [...text.matchAll(/token([a-j]{2})k|91234(\d\d)9/g)].map(([, name, digits]) =>
    name ? numberOf(name) : Number(digits),
  )
const sorted = (numbers: Iterable<number>) => [...new Set(numbers)].sort((a, b) => a - b)

async function checkViewer(runtime: Runtime, viewer: Viewer, isExtracted: boolean): Promise<void> {
  const visible = TURNS.flatMap((turn, number) => (maySeeTurn(turn, viewer) ? [number] : []))
  const query = 'Which secret word does Maya prefer, and what is the phone number of Maya?'
  const { memories, turns } = await runtime.memory.search({ orgId, ...viewer, query, limit: 200 })
  expect(sorted(turns.flatMap(({ text }) => numbersIn(text)))).toEqual(visible)
  const { text } = await runtime.memory.promptBlock({ orgId, ...viewer, query, limit: 200, budgetTokens: 100_000 })
  expect(sorted(numbersIn(text))).toEqual(visible)
  const listed = await runtime.memory.list({ orgId, ...viewer, limit: 1_000 })
  for (const found of [memories, listed]) {
    const words = found.filter(({ fact }) => fact.includes('token'))
    expect(sorted(words.flatMap(({ fact }) => numbersIn(fact)))).toEqual(isExtracted ? visible : [])
    for (const { sources } of found)
      for (const { turnId } of sources) expect(visible).toContain(Number(turnId.slice(1)))
    expect(sorted(found.flatMap(({ fact }) => numbersIn(fact)).filter((number) => !visible.includes(number)))).toEqual(
      [],
    )
  }
}

it('nobody sees more or less than is theirs, before the extraction and after it', async () => {
  const runtime = await runtimes.start({ digestWindowMs: 3_600_000, digestMaxWaitMs: 3_600_000 })
  for (const turn of TURNS) await runtime.memory.recordTurn(turn)
  for (const viewer of VIEWERS) await checkViewer(runtime, viewer, false)

  await runtime.startWorkers(['memory-extraction'])
  for (const workstreamId of STREAMS) {
    const { turnId } = TURNS.findLast((turn) => turn.workstreamId === workstreamId) as Said
    await runtime.memory.extractNow({ orgId, workstreamId, turnId })
  }
  await untilSettled(runtime, orgId)
  for (const viewer of VIEWERS) await checkViewer(runtime, viewer, true)

  const rows = await runtime.database.selectFrom('memories').selectAll().execute()
  // One for each owner and user, however often they said it, and one home that is not ended by another's.
  const owners = new Set(rows.map((row) => JSON.stringify([row.user_id, row.agent_id, row.workstream_id])))
  expect(owners.size).toBe(1 + USERS.length + AGENTS.length + STREAMS.length)
  // Two users are two people, whatever their name and whoever sees what they say.
  const speakers = new Set(
    TURNS.map((said) => JSON.stringify([said.scope, said.scope === 'org' || said[`${said.scope}Id`], said.userId])),
  )
  for (const open of [
    rows.filter(({ fact, valid_to }) => fact.includes('milk') && valid_to === null),
    rows.filter(({ attribute, valid_to }) => attribute === 'phone' && valid_to === null),
  ])
    expect(open).toHaveLength(speakers.size)

  for (const viewer of [{}, { userId: 'ana' }, { agentId: 'ana' }, { workstreamId: 'w1' }])
    for (const row of rows) {
      const history = runtime.memory.history({ orgId, memoryId: row.id, ...viewer })
      const isOwn = { userId: row.user_id, agentId: row.agent_id, workstreamId: row.workstream_id }
      const maySee = Object.entries(isOwn).every(
        ([key, id]) => id === null || id === (viewer as typeof isOwn)[key as 'userId'],
      )
      if (!maySee) await expect(history).rejects.toMatchObject({ code: 'MEMORY_UNKNOWN' })
      else
        for (const { scope } of [...(await history).replaced, ...(await history).replacedBy])
          expect(scope).toEqual(isOwn)
    }

  for (const userId of USERS) {
    const lines: string[] = []
    for await (const line of runtime.memory.export({ orgId, userId })) lines.push(line)
    const own = TURNS.flatMap((turn, number) => (turn.userId === userId ? [number] : []))
    expect(sorted(numbersIn(lines.join('\n')))).toEqual(own)
  }
})
