import { expect, it } from 'vitest'
import {
  type ContextRow,
  contextAfterTurn,
  MAX_CALL_SPAN,
} from '../../../../../shared/store/conversations/workstream-context.ts'

const EMPTY: ContextRow = { live_tokens: 0, total_messages: 0, pins: {}, open_calls: [] }
const says = (role: string) => ({ role, content: 'abcd', tokens: 5 })
const calls = (...ids: string[]) => ({
  ...says('assistant'),
  parts: { tool_calls: ids.map((id) => ({ id, type: 'function' as const, function: { name: 'f', arguments: '' } })) },
})
const result = (id: string) => ({ ...says('tool'), parts: { tool_call_id: id } })

it('a result finds the newest call of its id that has none yet, also in an earlier turn', () => {
  const first = contextAfterTurn(EMPTY, 1, [says('system'), says('user'), calls('a', 'b'), result('b'), calls('a')])
  expect(first.calls).toEqual([undefined, undefined, undefined, [1, 2], undefined])
  expect(first.row).toMatchObject({
    live_tokens: 25,
    total_messages: 5,
    pins: { system: [{ at: [1, 0], isPrompt: true }], user: [1, 1] },
  })
  const second = contextAfterTurn(first.row, 2, [result('a'), result('a'), result('a'), says('user'), says('system')])
  expect(second.calls).toEqual([[1, 4], [1, 2], undefined, undefined, undefined])
  expect(second.row).toMatchObject({ pins: first.row.pins, open_calls: [] })
})

it('a call that is never answered is forgotten, and a message that was not counted is estimated', () => {
  const { row } = contextAfterTurn(EMPTY, 1, [calls('a')])
  const many = Array.from({ length: MAX_CALL_SPAN }, () => ({ ...says('user'), tokens: null }))
  const after = contextAfterTurn(row, 2, many)
  expect(after.row).toMatchObject({ open_calls: [], live_tokens: 5 + MAX_CALL_SPAN * 5 })
  expect(contextAfterTurn(row, 2, [...many, result('a')]).calls.at(-1)).toBeUndefined()
})

it('a call of a long id is found by it, and costs the row no more than another', () => {
  const [long, other] = [`call__thought__${'Ab/+'.repeat(2_000)}`, `call__thought__${'Ab/+'.repeat(1_999)}Ab/-`]
  const { row } = contextAfterTurn(EMPTY, 1, [calls(long, other)])
  expect(JSON.stringify(row).length).toBeLessThan(500)
  const after = contextAfterTurn(row, 2, [result(other), result(other), result(long)])
  expect(after.calls).toEqual([[1, 0], undefined, [1, 0]])
})
