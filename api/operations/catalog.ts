import { compactContext } from './contexts/compact-context.ts'
import { expandContext } from './contexts/expand-context.ts'
import { loadContext } from './contexts/load-context.ts'
import type { AnyOperation } from './define-operation.ts'
import { executionStatus } from './events/execution-status.ts'
import { publishEvent } from './events/publish-event.ts'
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
