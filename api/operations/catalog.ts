import { compactContextOperation } from './contexts/compact-context.ts'
import { expandContextOperation } from './contexts/expand-context.ts'
import { loadContextOperation } from './contexts/load-context.ts'
import type { AnyOperation } from './define-operation.ts'
import { completeExecutionOperation } from './events/complete-execution.ts'
import { executionStatusOperation } from './events/execution-status.ts'
import { failExecutionOperation } from './events/fail-execution.ts'
import { publishEventOperation } from './events/publish-event.ts'
import { readEventsOperation, readOrgEventsOperation } from './events/read-events.ts'
import { reportProgressOperation } from './events/report-progress.ts'
import { startExecutionOperation } from './events/start-execution.ts'
import { updateExecutionOperation } from './events/update-execution.ts'
import { clearInstructionsOperation } from './extraction/clear-instructions.ts'
import { reextractTurnsOperation } from './extraction/reextract-turns.ts'
import { setInstructionsOperation } from './extraction/set-instructions.ts'
import { showInstructionsOperation } from './extraction/show-instructions.ts'
import { cancelJobOperation } from './jobs/cancel-job.ts'
import { jobStatusOperation } from './jobs/job-status.ts'
import { createKeyOperation } from './keys/create-key.ts'
import { listKeysOperation } from './keys/list-keys.ts'
import { revokeKeyOperation } from './keys/revoke-key.ts'
import { addMemoryOperation } from './memory/add-memory.ts'
import { approveHeldOperation } from './memory/approve-held.ts'
import { forgetMemoryOperation } from './memory/forget-memory.ts'
import { listHeldOperation } from './memory/list-held.ts'
import { listMemoriesOperation } from './memory/list-memories.ts'
import { memoryHistoryOperation } from './memory/memory-history.ts'
import { promptBlockOperation } from './memory/prompt-block.ts'
import { rejectHeldOperation } from './memory/reject-held.ts'
import { searchMemoryOperation } from './memory/search-memory.ts'
import { updateMemoryOperation } from './memory/update-memory.ts'
import { completeMessageOperation } from './messages/complete-message.ts'
import { extendMessageOperation } from './messages/extend-message.ts'
import { failMessageOperation } from './messages/fail-message.ts'
import { messageStatusOperation } from './messages/message-status.ts'
import { sendMessageOperation } from './messages/send-message.ts'
import { takeMessageOperation } from './messages/take-message.ts'
import { dropDeadLettersOperation } from './operate/drop-dead-letters.ts'
import { haltOrgOperation } from './operate/halt-org.ts'
import { killSwitchStatusOperation } from './operate/kill-switch-status.ts'
import { listDeadLettersOperation } from './operate/list-dead-letters.ts'
import { replayAllDeadLettersOperation } from './operate/replay-all-dead-letters.ts'
import { replayDeadLettersOperation } from './operate/replay-dead-letters.ts'
import { resumeOrgOperation } from './operate/resume-org.ts'
import { showDeadLetterOperation } from './operate/show-dead-letter.ts'
import { eraseDataOperation } from './org/erase-data.ts'
import { exportDataOperation } from './org/export-data.ts'
import { orgStatusOperation } from './org/org-status.ts'
import { findSymbolsOperation } from './repos/find-symbols.ts'
import { indexRepoOperation } from './repos/index-repo.ts'
import { listReposOperation } from './repos/list-repos.ts'
import { outlineFileOperation } from './repos/outline-file.ts'
import { removeRepoOperation } from './repos/remove-repo.ts'
import { repoStatusOperation } from './repos/repo-status.ts'
import { searchCodeOperation } from './repos/search-code.ts'
import { deleteStateOperation } from './states/delete-state.ts'
import { deleteVersionOperation } from './states/delete-version.ts'
import { labelVersionOperation } from './states/label-version.ts'
import { listStatesOperation } from './states/list-states.ts'
import { listVersionsOperation } from './states/list-versions.ts'
import { loadStateOperation } from './states/load-state.ts'
import { rollbackStateOperation } from './states/rollback-state.ts'
import { saveStateOperation } from './states/save-state.ts'
import { stateStatsOperation } from './states/state-stats.ts'
import { verifyStatesOperation } from './states/verify-states.ts'
import { extractTurnOperation } from './turns/extract-turn.ts'
import { recordTurnOperation } from './turns/record-turn.ts'
import { turnStatusOperation } from './turns/turn-status.ts'

/** Every operation. Routes, document, tools, client, command line and tests iterate it, in this order. */
export const OPERATIONS: readonly AnyOperation[] = [
  extractTurnOperation,
  recordTurnOperation,
  turnStatusOperation,
  addMemoryOperation,
  approveHeldOperation,
  forgetMemoryOperation,
  listHeldOperation,
  listMemoriesOperation,
  memoryHistoryOperation,
  promptBlockOperation,
  rejectHeldOperation,
  searchMemoryOperation,
  updateMemoryOperation,
  clearInstructionsOperation,
  reextractTurnsOperation,
  setInstructionsOperation,
  showInstructionsOperation,
  compactContextOperation,
  expandContextOperation,
  loadContextOperation,
  findSymbolsOperation,
  indexRepoOperation,
  listReposOperation,
  outlineFileOperation,
  removeRepoOperation,
  repoStatusOperation,
  searchCodeOperation,
  publishEventOperation,
  readEventsOperation,
  readOrgEventsOperation,
  startExecutionOperation,
  updateExecutionOperation,
  completeExecutionOperation,
  failExecutionOperation,
  executionStatusOperation,
  reportProgressOperation,
  sendMessageOperation,
  messageStatusOperation,
  takeMessageOperation,
  extendMessageOperation,
  completeMessageOperation,
  failMessageOperation,
  cancelJobOperation,
  jobStatusOperation,
  dropDeadLettersOperation,
  haltOrgOperation,
  killSwitchStatusOperation,
  listDeadLettersOperation,
  replayDeadLettersOperation,
  replayAllDeadLettersOperation,
  resumeOrgOperation,
  showDeadLetterOperation,
  eraseDataOperation,
  exportDataOperation,
  orgStatusOperation,
  saveStateOperation,
  loadStateOperation,
  listStatesOperation,
  listVersionsOperation,
  rollbackStateOperation,
  labelVersionOperation,
  deleteVersionOperation,
  deleteStateOperation,
  stateStatsOperation,
  verifyStatesOperation,
  createKeyOperation,
  listKeysOperation,
  revokeKeyOperation,
]
