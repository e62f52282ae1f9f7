import { expect, it } from 'vitest'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** "Forget that I …" in a turn ends the memory that it names, of the same owner, and becomes none itself. */

const runtimes = useRuntimes(useStore())

it('ends what its own speaker said before, keeps the history, and remembers no wish', async () => {
  const runtime = await runtimes.start()
  const orgId = 'wishes'
  await runtime.startWorkers(['memory-digest', 'memory-extraction'])
  const say = async (userId: string, turnId: string, content: string) => {
    await runtime.memory.recordTurn({
      orgId,
      userId,
      workstreamId: userId,
      turnId,
      messages: [{ role: 'user', content }],
    })
  }
  const digested = () => runtime.memory.untilDigested({ orgId })
  const factsOf = async (userId: string) => (await runtime.memory.list({ orgId, userId })).map(({ fact }) => fact)
  for (const userId of ['ana', 'ben']) await say(userId, '1', 'I am allergic to walnuts. I live in Ghent.')
  await say('dora', '1', 'Ich bin Vegetarierin und wohne in Kiel.')
  await digested()
  expect(await factsOf('ana')).toHaveLength(2)
  const [walnuts] = (await runtime.memory.list({ orgId, userId: 'ana' })).filter(({ fact }) => /walnut/.test(fact))
  await say('ana', '2', 'Please forget that I am allergic to walnuts.')
  await say('dora', '2', 'Vergiss bitte, dass ich Vegetarierin bin und in Kiel wohne.')
  await digested()
  expect(await factsOf('ana')).toEqual([expect.stringContaining('Ghent')])
  expect(await factsOf('ben')).toHaveLength(2)
  expect(await factsOf('dora')).toEqual([])
  const history = await runtime.memory.history({ orgId, userId: 'ana', memoryId: walnuts?.id ?? 0 })
  expect(history).toMatchObject({ endedBy: 'turn', memory: { validTo: expect.any(Date) }, replacedBy: [] })
  await say('ana', '3', 'I am allergic to walnuts.')
  await digested()
  expect(await factsOf('ana')).toHaveLength(2)

  // The wife's is not the speaker's.
  await say('gil', '1', 'My wife works at Siemens.')
  await digested()
  await say('gil', '2', 'Forget that I work at Siemens.')
  await digested()
  expect(await factsOf('gil')).toEqual([expect.stringContaining('wife')])
  await say('gil', '3', 'Forget that my wife works at Siemens.')
  await digested()
  expect(await factsOf('gil')).toEqual([])

  // In other words: what search finds, where nothing else comes near.
  for (const [index, fact] of ['I play the cello in an orchestra.', 'I own a blue canoe.'].entries())
    await say('eva', `${index}`, fact)
  await say('finn', '0', 'Ich spiele Cello im Orchester.')
  await say('finn', '1', 'Ich besitze ein blaues Kanu.')
  await digested()
  await say('eva', '8', 'Could you drop the note about my cello playing?')
  await say('finn', '8', 'Lösche bitte das mit dem Kanu aus deinem Gedächtnis.')
  await say('eva', '9', 'Delete what you know about my brother.')
  await digested()
  expect(await factsOf('eva')).toEqual([expect.stringContaining('canoe')])
  expect(await factsOf('finn')).toEqual([expect.stringContaining('Cello')])
})
