import { dropLetters } from '../actions/drop-letters.ts'
import { replayLetters } from '../actions/replay-letters.ts'
import { startBulk } from '../actions/start-bulk.ts'
import { abortBulk, resumeBulk } from '../actions/switch-bulk.ts'
import { auditPage, outcomePage } from '../pages/audit.ts'
import { deadLetterPage } from '../pages/dead-letter.ts'
import { deadLettersPage } from '../pages/dead-letters.ts'
import { operationPage, operationsPage } from '../pages/operations.ts'
import type { AnyAction } from './define-action.ts'
import type { AnyPage } from './define-page.ts'

/** Every page and every action of the console. Routes, menu, `docs/console.md` and tests iterate it: what is not here cannot be reached. */

export const PAGES: readonly AnyPage[] = [
  deadLettersPage,
  deadLetterPage,
  operationsPage,
  operationPage,
  auditPage,
  outcomePage,
]

export const ACTIONS: readonly AnyAction[] = [replayLetters, dropLetters, startBulk, abortBulk, resumeBulk]
