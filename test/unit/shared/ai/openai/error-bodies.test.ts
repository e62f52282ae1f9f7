import { describe, expect, it } from 'vitest'
import { errorInAnswer, readErrorBody } from '../../../../../shared/ai/openai/error-bodies.ts'
import {
  AWAY,
  LIMITED,
  meantStatus,
  SPENT,
  TOO_LARGE,
  UNAUTHORIZED,
} from '../../../../../shared/ai/openai/meant-status.ts'
import { parseDurationMs } from '../../../../../shared/ai/openai/retry-times.ts'

const json = JSON.stringify

describe('error bodies', () => {
  it.each([
    ['OpenAI', json({ error: { message: 'no', code: 'c', param: 'p' } }), { message: 'no', code: 'c', param: 'p' }],
    ['a list of one', json([{ error: { code: 400, message: 'no' } }]), { message: 'no', code: '400', status: 400 }],
    ['a text', json({ error: 'no' }), { message: 'no' }],
    [
      'vLLM',
      json({ object: 'error', message: 'no', param: null, code: 400 }),
      { message: 'no', code: '400', status: 400 },
    ],
    [
      'a list of faults',
      json({ detail: [{ loc: ['body', 'top_p'], msg: 'too high' }] }),
      { message: 'top_p: too high' },
    ],
    ['a detail', json({ detail: 'no' }), { message: 'no' }],
    [
      'a gateway',
      json({ statusCode: 429, message: 'Try again in 6 seconds.' }),
      { message: 'Try again in 6 seconds.', code: '429', status: 429, retryAfterMs: 6_000 },
    ],
    [
      'a body in a body',
      json({ error: { message: json({ error: { message: 'no', code: 400 } }) } }),
      { message: 'no', code: '400', status: 400 },
    ],
    ['a page', '<html><head><TITLE>502 Bad Gateway</TITLE>', { message: 'a page: 502 Bad Gateway' }],
    ['a page without a title', '<p>no</p>', { message: 'a page of HTML' }],
    ['a line', 'upstream connect error', { message: 'upstream connect error' }],
    ['nothing', '', { message: '' }],
    ['no error', '{"error":{"message":{}}}', { message: '{"error":{"message":{}}}' }],
  ])('%s', (_, body, expected) => {
    expect(readErrorBody(body)).toEqual(expected)
  })

  it('are found in place of an answer, and nowhere in one', () => {
    expect(errorInAnswer({ error: { message: 'no', code: 502 } })).toMatchObject({ message: 'no', status: 502 })
    expect(errorInAnswer({ choices: [{ finish_reason: 'error', message: {} }] })).toMatchObject({ status: 502 })
    expect(errorInAnswer({ choices: [{ error: { message: 'no', code: 429 } }] })).toMatchObject({ status: 429 })
    for (const answer of [
      undefined,
      'x',
      [],
      { choices: [{ message: {} }] },
      { data: [], error: 'x' },
      { error: null },
    ])
      expect(errorInAnswer(answer)).toBeUndefined()
  })
})

describe('statuses', () => {
  it.each([
    [400, undefined, 'API key not valid. Please pass a valid API key.', UNAUTHORIZED],
    [400, 'API_KEY_INVALID', '', UNAUTHORIZED],
    [400, undefined, 'Incorrect API key provided: x', UNAUTHORIZED],
    [400, undefined, 'Your credit balance is too low to access the Anthropic API.', SPENT],
    [429, 'insufficient_quota', 'You exceeded your current quota', SPENT],
    [429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota', LIMITED],
    [429, 'rate_limit_exceeded', '429 Request too large for gpt-4o on tokens per min', TOO_LARGE],
    [498, undefined, 'capacity', LIMITED],
    [424, undefined, 'Failed dependency', AWAY],
    [400, undefined, 'generating 100 tokens requires a sequence length of 9100', TOO_LARGE],
    [404, undefined, 'No models loaded. Please load a model', AWAY],
    [404, undefined, "model 'x' not found", 404],
    [500, undefined, 'input (992 tokens) is too large to process. increase the physical batch size', TOO_LARGE],
    [500, undefined, 'The server had an error', 500],
    [400, undefined, 'max_tokens must be at least 1, got -186.', TOO_LARGE],
    [400, undefined, 'prompt is too long: 210000 tokens > 200000 maximum', TOO_LARGE],
    [400, undefined, 'Prompt flagged by moderation', 400],
    [400, undefined, "Invalid value for 'tools[0].name'", 400],
  ])('%i %s "%s" means %i', (status, code, message, expected) => {
    expect(meantStatus({ status, code, message })).toBe(expected)
  })
})

it.each([
  ['34s', 34_000],
  ['1m4.77s', 64_770],
  ['120ms', 120],
  ['6 seconds', 6_000],
  ['2 h', 7_200_000],
  ['soon', undefined],
  ['5 parsecs', undefined],
  ['', undefined],
])('reads %s', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms)
})
