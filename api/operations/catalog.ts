import { compactContextOperation } from './contexts/compact-context.ts'
import { expandContextOperation } from './contexts/expand-context.ts'
import { loadContextOperation } from './contexts/load-context.ts'
import type { AnyOperation } from './define-operation.ts'
import { executionStatusOperation } from './events/execution-status.ts'
import { publishEventOperation } from './events/publish-event.ts'
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
  executionStatusOperation,
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
import { executionStatus } from './events/execution-status.ts'
import { publishEvent } from './events/publish-event.ts'
import { readEvents, readOrgEvents } from './events/read-events.ts'
import { clearInstructions } from './extraction/clear-instructions.ts'
import { reextractTurns } from './extraction/reextract-turns.ts'
import { setInstructions } from './extraction/set-instructions.ts'
import { showInstructions } from './extraction/show-instructions.ts'
import { cancelJob } from './jobs/cancel-job.ts'
import { jobStatus } from './jobs/job-status.ts'
import { createKey } from './keys/create-key.ts'
import { listKeys } from './keys/list-keys.ts'
import { revokeKey } from './keys/revoke-key.ts'
import { addMemory } from './memory/add-memory.ts'
import { approveHeld } from './memory/approve-held.ts'
import { forgetMemory } from './memory/forget-memory.ts'
import { listHeld } from './memory/list-held.ts'
import { listMemories } from './memory/list-memories.ts'
import { memoryHistory } from './memory/memory-history.ts'
import { promptBlock } from './memory/prompt-block.ts'
import { rejectHeld } from './memory/reject-held.ts'
import { searchMemory } from './memory/search-memory.ts'
import { updateMemory } from './memory/update-memory.ts'
import { completeMessage } from './messages/complete-message.ts'
import { extendMessage } from './messages/extend-message.ts'
import { failMessage } from './messages/fail-message.ts'
import { messageStatus } from './messages/message-status.ts'
import { sendMessage } from './messages/send-message.ts'
import { takeMessage } from './messages/take-message.ts'
import { dropDeadLetters } from './operate/drop-dead-letters.ts'
import { haltOrg } from './operate/halt-org.ts'
import { killSwitchStatus } from './operate/kill-switch-status.ts'
import { listDeadLetters } from './operate/list-dead-letters.ts'
import { replayDeadLetters } from './operate/replay-dead-letters.ts'
import { resumeOrg } from './operate/resume-org.ts'
import { showDeadLetter } from './operate/show-dead-letter.ts'
import { eraseData } from './org/erase-data.ts'
import { exportData } from './org/export-data.ts'
import { orgStatus } from './org/org-status.ts'
import { findSymbols } from './repos/find-symbols.ts'
import { indexRepo } from './repos/index-repo.ts'
import { listRepos } from './repos/list-repos.ts'
import { outlineFile } from './repos/outline-file.ts'
import { removeRepo } from './repos/remove-repo.ts'
import { repoStatus } from './repos/repo-status.ts'
import { searchCode } from './repos/search-code.ts'
import { deleteState } from './states/delete-state.ts'
import { deleteVersion } from './states/delete-version.ts'
import { labelVersion } from './states/label-version.ts'
import { listStates } from './states/list-states.ts'
import { listVersions } from './states/list-versions.ts'
import { loadState } from './states/load-state.ts'
import { rollbackState } from './states/rollback-state.ts'
import { saveState } from './states/save-state.ts'
import { stateStats } from './states/state-stats.ts'
import { verifyStates } from './states/verify-states.ts'
import { extractTurn } from './turns/extract-turn.ts'
import { recordTurn } from './turns/record-turn.ts'
import { turnStatus } from './turns/turn-status.ts'

/** Every operation. Routes, document, tools, client, command line and tests iterate it, in this order. */
export const OPERATIONS: readonly AnyOperation[] = [
  extractTurn,
  recordTurn,
  turnStatus,
  addMemory,
  approveHeld,
  forgetMemory,
  listHeld,
  listMemories,
  memoryHistory,
  promptBlock,
  rejectHeld,
  searchMemory,
  updateMemory,
  clearInstructions,
  reextractTurns,
  setInstructions,
  showInstructions,
  compactContext,
  expandContext,
  loadContext,
  findSymbols,
  indexRepo,
  listRepos,
  outlineFile,
  removeRepo,
  repoStatus,
  searchCode,
  publishEvent,
  readEvents,
  readOrgEvents,
  executionStatus,
  sendMessage,
  messageStatus,
  takeMessage,
  extendMessage,
  completeMessage,
  failMessage,
  cancelJob,
  jobStatus,
  dropDeadLetters,
  haltOrg,
  killSwitchStatus,
  listDeadLetters,
  replayDeadLetters,
  resumeOrg,
  showDeadLetter,
  eraseData,
  exportData,
  orgStatus,
  saveState,
  loadState,
  listStates,
  listVersions,
  rollbackState,
  labelVersion,
  deleteVersion,
  deleteState,
  stateStats,
  verifyStates,
  createKey,
  listKeys,
  revokeKey,
]
