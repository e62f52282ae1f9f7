import { describe, expect, it } from 'vitest'
import { fromAiSdk } from '../../../../shared/formats/from-ai-sdk.ts'

describe('messages of version 4 of the AI SDK', () => {
  const called = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Faro"}' } }
  const answered = { role: 'tool', tool_call_id: 'c1', content: '{"degrees":20}' }

  it('for a model have their calls and results', () => {
    const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', args: { city: 'Faro' } }
    const result = { type: 'tool-result', toolCallId: 'c1', toolName: 'weather', result: { degrees: 20 } }
    expect(
      fromAiSdk([
        { role: 'assistant', content: [call] },
        { role: 'tool', content: [result] },
      ]),
    ).toMatchObject([{ role: 'assistant', tool_calls: [called] }, answered])
  })

  it('for the screen only are left out', () => {
    const data = { id: 'd', role: 'data', content: '', data: { step: 1 } }
    expect(fromAiSdk([{ role: 'user', content: 'Hi.' }, data])).toEqual([{ role: 'user', content: 'Hi.' }])
  })

  it('of a user interface have them too', () => {
    const toolInvocation = {
      state: 'result',
      toolCallId: 'c1',
      toolName: 'weather',
      args: { city: 'Faro' },
      result: { degrees: 20 },
    }
    const parts = [
      { type: 'tool-invocation', toolInvocation },
      { type: 'text', text: 'Warm.' },
    ]
    expect(fromAiSdk([{ id: 'm', role: 'assistant', content: 'Warm.', parts }])).toMatchObject([
      { role: 'assistant', tool_calls: [called] },
      answered,
      { role: 'assistant', content: [{ type: 'text', text: 'Warm.' }] },
    ])
  })
})
