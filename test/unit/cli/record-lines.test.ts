import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import type { OperationInput } from '../../../api/operations/call-operation.ts'
import { recordTurnOperation } from '../../../api/operations/turns/record-turn.ts'
import { callForLines } from '../../../cli/operations/record-lines.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { skipPauses } from '../../helpers/skipped-pauses.ts'

/** Inputs as lines: each is called once, whatever the rate of the key. */

afterEach(() => void vi.restoreAllMocks())

function fileOf(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'afterturn-lines-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'turns.jsonl')
  writeFileSync(file, text)
  return file
}

function callerUnderTest(fail: (call: number) => AfterturnError | undefined = () => undefined) {
  const told: string[] = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => void told.push(line))
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const inputs: OperationInput[] = []
  let calls = 0
  const caller = {
    async call(_: unknown, input: OperationInput) {
      calls += 1
      const failure = fail(calls)
      if (failure) throw failure
      inputs.push(input)
      return {}
    },
    close: async () => {},
  }
  return { caller, inputs, told }
}

it('waits where the key is over its rate, a second at least, and leaves no line out', async () => {
  const pausesMs = skipPauses()
  const limits = [0, 5_000].map((retryAfterMs) => new AfterturnError('RATE_LIMITED', 'Too many.', { retryAfterMs }))
  const { caller, inputs, told } = callerUnderTest((call) => (call % 2 === 1 ? limits.shift() : undefined))
  const file = fileOf('\ufeff{"turnId":"a"}\r\n\n{"turnId":"b"}\n')
  expect(await callForLines(caller, recordTurnOperation, { file, common: { orgId: 'acme' } })).toBe(true)
  expect(inputs).toEqual([
    { orgId: 'acme', turnId: 'a' },
    { orgId: 'acme', turnId: 'b' },
  ])
  expect(told).toEqual([])
  expect(pausesMs).toEqual([1_000, 5_000])
})

it('refuses a line that contradicts an option, and one that is no object', async () => {
  const { caller, inputs, told } = callerUnderTest()
  const file = fileOf('{"orgId":"other","turnId":"a"}\n"text"\n[1]\nnull\n{"orgId":"acme","turnId":"b"}\n')
  expect(await callForLines(caller, recordTurnOperation, { file, common: { orgId: 'acme' } })).toBe(false)
  expect(inputs).toEqual([{ orgId: 'acme', turnId: 'b' }])
  expect(told[0]).toMatch(/^line 1: INPUT_INVALID: .*orgId: expected what the option says/)
  expect(told.slice(1, 4).every((line) => /expected a JSON object/.test(line))).toBe(true)
  expect(told.at(-1)).toMatch(/^4 of 5 lines failed/)
})

it('takes a line that says what an option says, whatever the order of its fields', async () => {
  const { caller, inputs } = callerUnderTest()
  const file = fileOf('{"metadata":{"b":[2],"a":1}}\n{"metadata":{"a":1,"b":["2"]}}\n')
  const common = { metadata: { a: 1, b: [2] } }
  expect(await callForLines(caller, recordTurnOperation, { file, common })).toBe(false)
  expect(inputs).toEqual([common])
})

it('a file that cannot be read is wrong input, and an empty one is none', async () => {
  const { caller, inputs } = callerUnderTest()
  for (const file of [fileOf('').concat('.gone'), tmpdir()]) {
    const reading = callForLines(caller, recordTurnOperation, { file, common: {} })
    await expect(reading).rejects.toMatchObject({ code: 'INPUT_INVALID', faults: [{ path: 'lines' }] })
  }
  expect(await callForLines(caller, recordTurnOperation, { file: fileOf(''), common: {} })).toBe(true)
  expect(inputs).toEqual([])
})
