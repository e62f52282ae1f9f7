import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTranscript } from '../../../demo/transcript.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'transcript-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function write(content: string | Uint8Array, name = 'chat.jsonl'): Promise<string> {
  const file = join(directory, name)
  await writeFile(file, content)
  return file
}

const line = (fields: object) => JSON.stringify({ role: 'user', content: 'hello', ...fields })
const read = async (content: string | Uint8Array) => readTranscript(await write(content))
const session = (turns: object[], date = '1:56 pm on 8 May, 2023') => [
  {
    sample_id: 'c-1',
    conversation: { speaker_a: 'Ada', speaker_b: 'Bo', session_1_date_time: date, session_1: turns },
  },
]

describe('JSON lines', () => {
  test('lines of one turnId are one turn; a line without one is its own', async () => {
    const text = [
      line({ name: 'Maya', at: '2026-03-02T18:30:00Z', turnId: 'a' }),
      line({ role: 'assistant', content: 'hi', turnId: 'a' }),
      '',
      line({ content: 'later', at: '2026-03-02T20:00:00+02:00' }),
    ].join('\r\n')
    expect(await read(`\uFEFF${text}\n`)).toEqual([
      {
        conversationId: 'chat',
        title: 'chat',
        turns: [
          {
            turnId: 'a',
            at: new Date('2026-03-02T18:30:00Z'),
            messages: [
              { role: 'user', name: 'Maya', content: 'hello' },
              { role: 'assistant', content: 'hi' },
            ],
          },
          { turnId: 'line-4', at: new Date('2026-03-02T18:00:00Z'), messages: [{ role: 'user', content: 'later' }] },
        ],
      },
    ])
  })

  test('a time without an offset is UTC on every machine', async () => {
    const [transcript] = await read(line({ at: '2026-03-02T18:30' }))
    expect(transcript?.turns[0]?.at).toEqual(new Date('2026-03-02T18:30:00Z'))
  })

  test.each([
    ['', /:1: there is no message in the file \(expected JSON lines/],
    [
      `${line({})}\n{"role": "user"`,
      /:2: the line is not JSON: .* \(expected one JSON object a line, got {"role": "user"\)/,
    ],
    [`${line({})}\n\n"hello"`, /:3: the line is not a message \(expected an object .*, got "hello"\)/],
    [line({ role: 'robot' }), /:1: role is wrong \(expected user \| assistant \| system \| tool, got "robot"\)/],
    ['{"role":"user"}', /:1: content is missing \(expected a text that is not empty, got nothing\)/],
    [line({ content: '' }), /:1: content is wrong \(expected a text that is not empty, got ""\)/],
    [line({ content: ['x'] }), /:1: content is wrong .*got \["x"\]\)/],
    [line({ at: 'yesterday' }), /:1: at is wrong \(expected an ISO 8601 time .*, got "yesterday"\)/],
    [line({ at: '2026-02-30T10:00:00Z' }), /:1: at is wrong/],
    [
      line({ content: 'a\0b' }),
      /:1: content cannot be stored \(expected Unicode text without NUL, got a NUL character\)/,
    ],
    ['{"role":"user","content":"\\ud800"}', /:1: content cannot be stored .*got a lone surrogate/],
    [
      [line({ turnId: 'a' }), line({ turnId: 'b' }), line({ turnId: 'a' })].join('\n'),
      /:3: turnId "a" was used on line 1 by another turn/,
    ],
    [
      [line({ turnId: 'line-3' }), line({ turnId: 'x' }), line({})].join('\n'),
      /:3: turnId "line-3" was used on line 1/,
    ],
  ])('%#', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'TRANSCRIPT_INVALID',
      message: expect.stringMatching(message),
    })
  })
})

describe('LoCoMo', () => {
  test('sessions in order, dated, with captions', async () => {
    const conversation = {
      speaker_a: 'Ada',
      speaker_b: 'Bo',
      session_10_date_time: '12:05 am on 1 June, 2023',
      session_10: [{ speaker: 'Bo', dia_id: 'D10:1', text: '', blip_caption: 'a red kite' }],
      session_2_date_time: '1:56 pm on 8 May, 2023',
      session_2: [
        { speaker: 'Ada', dia_id: 'D2:1', text: 'Hi Bo!' },
        { speaker: 'Bo', dia_id: 'D2:2', text: 'Look.', blip_caption: 'a dog', img_url: ['x'] },
      ],
      session_3_date_time: '1:00 pm on 9 May, 2023',
    }
    const [transcript, ...others] = await read(JSON.stringify([{ sample_id: 'c-1', conversation, qa: [] }]))
    expect(others).toEqual([])
    expect(transcript).toEqual({
      conversationId: 'c-1',
      title: 'Ada and Bo',
      turns: [
        turn('D2:1', '2023-05-08T13:56:00Z', 'session_2', 'Ada', 'Hi Bo!'),
        turn('D2:2', '2023-05-08T13:56:10Z', 'session_2', 'Bo', 'Look.\n(a dog)'),
        turn('D10:1', '2023-06-01T00:05:00Z', 'session_10', 'Bo', '(a red kite)'),
      ],
    })
  })

  const turn = (turnId: string, at: string, sessionId: string, name: string, content: string) => ({
    turnId,
    at: new Date(at),
    sessionId,
    messages: [{ role: 'user', name, content }],
  })
  const hi = { speaker: 'Ada', dia_id: 'D1:1', text: 'Hi' }

  test.each([
    ['[]', /:1: there is no conversation in the file/],
    ['[\n{"a": 1,\n}]', /:3: the file is not JSON/],
    ['[{"conversation": {}}]', /:1: the conversation has no turns: \[0\]\.conversation/],
    [JSON.stringify([{ role: 'user', content: 'x' }], null, 1), /:2: the file is not in the LoCoMo format: \[0\]/],
    [
      JSON.stringify(session([hi, { ...hi, dia_id: 7 }]), null, 1),
      /:16: .*session_1\[1\]\.dia_id \(expected string, got 7\)/,
    ],
    [JSON.stringify(session([hi, hi]), null, 1), /:\d+: a dia_id is used twice: .*got D1:1/],
    [JSON.stringify(session([{ ...hi, text: '' }])), /:1: the turn says nothing/],
    [JSON.stringify(session([hi], '1:56 pm on 31 June, 2023'), null, 1), /:7: the session’s date cannot be read/],
    [JSON.stringify([...session([hi]), ...session([hi])]), /:1: the conversation has an earlier one’s id/],
  ])('%#', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'TRANSCRIPT_INVALID',
      message: expect.stringMatching(message),
    })
  })
})

describe('files', () => {
  test('a file that is missing, too large or not UTF-8 is refused', async () => {
    const invalid = (message: RegExp) => ({ code: 'TRANSCRIPT_INVALID', message: expect.stringMatching(message) })
    await expect(readTranscript(join(directory, 'none'))).rejects.toMatchObject({
      ...invalid(/none: the file cannot be read .*got no such file\)$/),
      remedy: expect.stringContaining('can be read'),
    })
    await expect(readTranscript(directory)).rejects.toMatchObject(invalid(/got a directory\)$/))
    const file = await write(`${line({})}\n${line({})}`)
    await expect(readTranscript(file, 20)).rejects.toMatchObject(
      invalid(/too large \(expected at most 20 bytes, got \d+\)/),
    )
    const latin1 = Buffer.concat([Buffer.from(`${line({})}\n`), Buffer.from(line({ content: 'caf\u00e9' }), 'latin1')])
    await expect(read(latin1)).rejects.toMatchObject(invalid(/:2: the text is not UTF-8/))
  })

  test('the conversation of the demo is whole', async () => {
    const [transcript] = await readTranscript(
      fileURLToPath(new URL('../../../demo/conversation.jsonl', import.meta.url)),
    )
    const turns = transcript?.turns ?? []
    expect(turns.length).toBeGreaterThan(140)
    expect(new Set(turns.flatMap(({ messages }) => messages.map(({ name }) => name)))).toEqual(
      new Set(['Maya', 'Tomasz', 'Ines', 'Dev', 'Ruth', 'Pip']),
    )
    const times = turns.map(({ at }) => at?.getTime() ?? Number.NaN)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(new Set(turns.map(({ at }) => at?.toISOString().slice(0, 10))).size).toBeGreaterThanOrEqual(12)
  })
})
