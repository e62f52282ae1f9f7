import { cancelJob } from '../actions/cancel-job.ts'
import { dropLetters } from '../actions/drop-letters.ts'
import { endSessions } from '../actions/end-sessions.ts'
import { compactNow, extractNow, indexNow } from '../actions/now-actions.ts'
import { eraseData, exportData } from '../actions/org-data.ts'
import { replayLetters } from '../actions/replay-letters.ts'
import { reveal } from '../actions/reveal.ts'
import { approveMemory, rejectMemory } from '../actions/review-memory.ts'
import { startBulk } from '../actions/start-bulk.ts'
import { abortBulk, resumeBulk } from '../actions/switch-bulk.ts'
import { halt, resume } from '../actions/turn-kill-switch.ts'
import { auditPage, outcomePage } from '../pages/audit/audit.ts'
import { erasuresPage } from '../pages/audit/erasures.ts'
import { sessionsPage } from '../pages/audit/sessions.ts'
import { contextPage } from '../pages/context.ts'
import { controlPage } from '../pages/control.ts'
import { costsPage } from '../pages/costs.ts'
import { deadLetterPage } from '../pages/dead-letter.ts'
import { deadLettersPage } from '../pages/dead-letters.ts'
import { findPage } from '../pages/find.ts'
import { fleetPage } from '../pages/fleet.ts'
import { jobPage } from '../pages/job.ts'
import { limitsPage } from '../pages/limits.ts'
import { heldPage, memoriesPage, memoryPage } from '../pages/memories.ts'
import { operationPage, operationsPage } from '../pages/operations.ts'
import { orgPage } from '../pages/org.ts'
import { orgsPage } from '../pages/orgs.ts'
import { queuePage, queuesPage } from '../pages/queue.ts'
import { repositoriesPage, repositoryPage } from '../pages/repositories.ts'
import { servicesPage } from '../pages/services.ts'
import { turnPage } from '../pages/turn.ts'
import { workstreamPage } from '../pages/workstream.ts'
import type { AnyAction } from './define-action.ts'
import type { AnyPage } from './define-page.ts'

/** Every page and every action of the console, in the order of the menu. Routes, menu and tests iterate it: what is not here cannot be reached. */

export const PAGES: readonly AnyPage[] = [
  deadLettersPage,
  orgsPage,
  queuesPage,
  fleetPage,
  heldPage,
  controlPage,
  limitsPage,
  servicesPage,
  costsPage,
  auditPage,
  erasuresPage,
  sessionsPage,
  deadLetterPage,
  operationsPage,
  operationPage,
  findPage,
  orgPage,
  workstreamPage,
  contextPage,
  turnPage,
  queuePage,
  jobPage,
  memoriesPage,
  memoryPage,
  repositoriesPage,
  repositoryPage,
  outcomePage,
]

export const ACTIONS: readonly AnyAction[] = [
  replayLetters,
  dropLetters,
  startBulk,
  abortBulk,
  resumeBulk,
  cancelJob,
  halt,
  resume,
  extractNow,
  compactNow,
  indexNow,
  approveMemory,
  rejectMemory,
  reveal,
  exportData,
  eraseData,
  endSessions,
]
