import { describe, expect, it } from 'vitest'
import { answerOfStream } from '../../../../../shared/ai/openai/streamed-answer.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

const chunk = (delta: object, over: object = {}) =>
  `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason: null, ...over }] })}\n\n`

describe('a stream of a chat completion', () => {
  it('is put together, with its thoughts apart and its usage from the end', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2 }
    const stream = [
      ': comment\n\n',
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'hm' }),
      chunk({ content: '{"facts"' }),
      chunk({ content: ':[]}' }),
      chunk({}, { finish_reason: 'stop' }),
      `data: ${JSON.stringify({ id: 'c', choices: [], usage })}\n\n`,
      'data: [DONE]\n\n',
    ].join('')
    expect(answerOfStream(stream)).toEqual({
      id: 'c',
      model: 'm',
      object: 'chat.completion',
      usage,
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: '{"facts":[]}', reasoning_content: 'hm' },
        },
      ],
    })
  })

  it('of parts is their text, of a call what it was called with', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }
    const parts = [chunk({ content: [thinking] }), chunk({ content: [{ type: 'text', text: '{"facts":' }] })]
    expect(answerOfStream(`${parts.join('')}${chunk({ content: '[]}' })}`)).toMatchObject({
      choices: [{ message: { content: '{"facts":[]}' } }],
    })
    const call = (index: number, given: string) => ({ tool_calls: [{ index, function: { arguments: given } }] })
    const calls = [call(0, '{"fa'), call(0, 'cts":[]}'), call(1, '{}')].map((delta) => chunk(delta)).join('')
    expect(answerOfStream(calls)).toMatchObject({
      choices: [{ message: { function_call: { arguments: '{"facts":[]}' } } }],
    })
  })

  it('that breaks off is an answer that was cut', () => {
    expect(answerOfStream(`${chunk({ content: '{"fa' })}data: {"choi`)).toMatchObject({
      choices: [{ finish_reason: 'length', message: { content: '{"fa' } }],
    })
  })

  it('that ends with an error is the error', () => {
    const error = { error: { message: 'Overloaded', code: 529 } }
    expect(answerOfStream(`${chunk({ content: 'a' })}data: ${JSON.stringify(error)}\n\n`)).toEqual(error)
  })

  it('of something else has no choices', () => {
    expect(answerOfStream('event: ping\ndata: 1\n\n')).not.toHaveProperty('choices')
  })

  it.each(['data: {', 'data:\n', 'data: {}\n', chunk({ content: 'a' })])('is read in time: %j', async (piece) => {
    const stream = piece.repeat(Math.ceil(300_000 / piece.length))
    expect(await cpuMsOf(() => answerOfStream(stream))).toBeLessThan(1_000)
  })
})
