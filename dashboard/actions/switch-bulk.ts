import { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import { findBulkOperation, switchBulkOperation } from '../../shared/store/console/bulk-operations.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { defineAction } from '../console/define-action.ts'
import { id } from '../console/fields.ts'
import { html } from '../html.ts'

/** Aborts an operation on many dead letters, and resumes one. */

export const abortBulk = switching('operations.abort', 'Abort', 'aborted')
export const resumeBulk = switching('operations.resume', 'Resume', 'running')

function switching(name: string, label: string, to: 'aborted' | 'running') {
  return defineAction({
    name,
    label,
    permission: 'operate',
    fields: z.object({ id }),
    async look({ database }, { id }) {
      const operation = await readInTime(findBulkOperation(database, id))
      const expected = to === 'running' ? 'aborted' : 'running'
      if (operation?.state !== expected) throw notSo(id, expected, operation?.state)
      return {
        subject: `operation ${id}`,
        orgId: operation.orgId ?? null,
        state: operation.state,
        shows: html`<p>${label} operation ${id}: ${operation.action} ${operation.confirmed} dead letters, as ${operation.requestedBy} asked. What is done stays done.</p>`,
      }
    },
    async run({ database }, { id }) {
      if (!(await readInTime(switchBulkOperation(database, id, to)))) throw notSo(id, 'in another state', undefined)
      return { message: `Operation ${id} is ${to}.` }
    },
  })
}

function notSo(id: number, expected: string, got: string | undefined): AfterturnError {
  return new AfterturnError(
    'PAGE_STALE',
    `Expected operation ${id} to be ${expected}, got ${got ?? 'another state'}.`,
    { recorded: 'no' },
  )
}
