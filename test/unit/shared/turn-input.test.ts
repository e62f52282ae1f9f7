import { describe, expect, it } from 'vitest'
import { AfterturnError } from '../../../shared/errors.ts'
import { contentHashOf, parseTurn, scopeOf, type TurnInput } from '../../../shared/memory/turn-input.ts'

const LIMITS = { maxMessageBytes: 16, maxMessagesPerTurn: 3 }
const TURN: TurnInput = { orgId: 'o', workstreamId: 'w', turnId: 't', messages: [{ role: 'user', content: 'hi' }] }

function faultOf(input: unknown): AfterturnError {
  try {
    parseTurn(input, LIMITS)
  } catch (error) {
    if (error instanceof AfterturnError) return error
    throw error
  }
  throw new Error('expected a fault')
}

const message = (over: object) => ({ ...TURN, messages: [{ role: 'user', content: 'hi', ...over }] })

describe('a turn', () => {
  it('is taken as it is: nothing is trimmed or normalised', () => {
    const turn = { ...TURN, orgId: ' o:1 😀', messages: [{ role: 'tool', content: ' e\u0301 ' }] }
    expect(parseTurn(turn, LIMITS)).toEqual(turn)
  })

  it.each([
    ['no content', message({ content: '' }), 'messages.0.content'],
    ['only space', message({ content: ' \n\t\u3000' }), 'messages.0.content'],
    ['NUL', message({ content: 'a\0' }), 'messages.0.content'],
    ['a lone surrogate', message({ content: 'a\ud83d' }), 'messages.0.content'],
    ['a lone surrogate in a name', message({ name: '\udc00' }), 'messages.0.name'],
    ['an empty name', message({ name: '' }), 'messages.0.name'],
    ['an unknown role', message({ role: 'admin' }), 'messages.0.role'],
    ['an unknown field', message({ text: 'x' }), 'messages.0'],
    ['content that is no text', message({ content: { a: 1 } }), 'messages.0.content'],
    ['no messages', { ...TURN, messages: [] }, 'messages'],
    ['too many messages', { ...TURN, messages: Array(4).fill(TURN.messages[0]) }, 'messages'],
    ['no org', { ...TURN, orgId: undefined }, 'orgId'],
    ['an org that is a number', { ...TURN, orgId: 7 }, 'orgId'],
    ['an id that is too long', { ...TURN, turnId: 'x'.repeat(513) }, 'turnId'],
    ['an id with NUL', { ...TURN, workstreamId: 'a\0' }, 'workstreamId'],
    ['a time that is text', { ...TURN, at: '2024-01-01' }, 'at'],
    ['no time', { ...TURN, at: new Date(Number.NaN) }, 'at'],
    ['a time before what PostgreSQL holds', { ...TURN, at: new Date(-8.64e15) }, 'at'],
    ['a time of five digits', { ...TURN, at: new Date(8.64e15) }, 'at'],
    ['a scope that is none', { ...TURN, scope: 'team' }, 'scope'],
    ['the scope of a user that is not named', { ...TURN, scope: 'user' }, 'userId'],
    ['the scope of an agent that is not named', { ...TURN, scope: 'agent', userId: 'u' }, 'agentId'],
    ['nothing', undefined, 'turn'],
    ['null', null, 'turn'],
    ['a list', [], 'turn'],
  ])('with %s is refused, and nothing is recorded', (_, input, path) => {
    const fault = faultOf(input)
    expect(fault).toMatchObject({ code: 'INPUT_INVALID', recorded: 'no', retryable: false })
    expect(fault.message).toContain(`${path}: `)
  })

  it('names every fault at once, and no content', () => {
    const fault = faultOf({
      ...TURN,
      orgId: '',
      messages: [
        { role: 'x', content: 'private\0' },
        { role: 'user', content: '' },
      ],
    })
    for (const path of ['orgId', 'messages.0.role', 'messages.0.content', 'messages.1.content'])
      expect(fault.message).toContain(path)
    expect(fault.message).not.toContain('private')
  })

  it('is measured in bytes of UTF-8', () => {
    expect(parseTurn(message({ content: '😀'.repeat(4) }), LIMITS).messages).toHaveLength(1)
    const fault = faultOf(message({ content: 'é'.repeat(9) }))
    expect(fault.message).toContain('at most 16 bytes, got 18; MAX_MESSAGE_BYTES')
  })
})

describe('the content hash', () => {
  const hash = (messages: TurnInput['messages'], over: Partial<TurnInput> = {}) =>
    contentHashOf({ ...TURN, ...over, messages }).toString('hex')

  it('is of the messages, not of the time or the ids', () => {
    expect(hash(TURN.messages, { at: new Date(0), turnId: 'x' })).toBe(hash(TURN.messages))
    expect(hash([{ role: 'user', content: 'a', name: undefined }])).toBe(hash([{ role: 'user', content: 'a' }]))
  })

  it('tells apart what a careless join would not', () => {
    const different: TurnInput['messages'][] = [
      [{ role: 'user', content: 'ab' }],
      [{ role: 'assistant', content: 'ab' }],
      [{ role: 'user', name: 'ab', content: 'ab' }],
      [
        { role: 'user', content: 'a' },
        { role: 'user', content: 'b' },
      ],
      [
        { role: 'user', content: 'b' },
        { role: 'user', content: 'a' },
      ],
      [{ role: 'user', content: 'ab ' }],
      [{ role: 'user', name: 'a', content: 'b' }],
    ]
    expect(new Set(different.map((messages) => hash(messages))).size).toBe(different.length)
  })
})

describe('the scope of a turn', () => {
  it.each([
    [{}, 'org'],
    [{ userId: 'u', agentId: 'a' }, 'user'],
    [{ agentId: 'a' }, 'agent'],
    [{ userId: 'u', scope: 'workstream' }, 'workstream'],
    [{ userId: 'u', scope: 'org' }, 'org'],
  ] as const)('%j is seen by: %s', (named, scope) => {
    expect(scopeOf(parseTurn({ ...TURN, ...named }, LIMITS))).toBe(scope)
  })
})
