import type { FailedTry } from '../../shared/store/schema.ts'
import type { Html } from '../html.ts'
import { table } from './table.ts'
import { masked } from './texts.ts'
import { timeElement } from './times.ts'

/** The tries of a turn or a job that failed, the oldest first. */
export function triesTable(tries: readonly FailedTry[]): Html {
  const columns = [{ title: 'Tried', kind: 'wide' }, { title: 'Code' }, { title: 'Reason', kind: 'wide' }] as const
  const rows = tries.map(({ at, code, reason }) => [timeElement(new Date(at)), code, masked(reason)])
  return table(columns, rows, 'No try failed.')
}
