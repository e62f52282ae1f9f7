import type { StateStats } from './state-stats.ts'
import type { StateValue } from './strict-json.ts'
import type { StateVerification } from './verify-states.ts'

/** States of agents in numbered versions; a version costs only what has changed. Every call reads PostgreSQL. */
export type States = {
  /**
   * Saves a state as its next version. Version numbers grow and are never reused, not even after a deletion.
   * @throws INPUT_INVALID with the path of a value that is not strict JSON; STATE_TOO_LARGE naming the largest field; STATE_CONFLICT if `expectedVersion`
   * is not the newest, or `saveId` has saved something else; the codes of the store
   * @example
   * const runtime = createRuntime(readConfig(process.env))
   * const { version } = await runtime.states.save({ orgId: 'acme', stateId: 'agent-7', state: { step: 1, messages: [] }, tags: ['agent'] })
   * await runtime.states.update({ orgId: 'acme', stateId: 'agent-7' }, (state) => ({ ...(state as object), step: 2 }))
   * await runtime.states.rollback({ orgId: 'acme', stateId: 'agent-7', toVersion: version })
   */
  save(input: SaveStateInput): Promise<SavedState>
  /**
   * Loads the newest version of a state, or a named one.
   * @throws INPUT_INVALID; STATE_UNKNOWN, also for another org's or user's; STATE_CORRUPT; the codes of the store
   */
  load(input: LoadStateInput): Promise<LoadedState>
  /**
   * Loads a state, passes it to a function (`undefined` if there is none) and saves the result; repeats this if somebody else saved meanwhile, so the
   * function may run several times. Within a process, calls for one state take turns.
   * @throws STATE_CONFLICT after `timeoutMs`; as `load` and `save`; what the function throws
   */
  update(
    input: UpdateStateInput,
    change: (state: StateValue | undefined) => StateValue | object | Promise<StateValue | object>,
  ): Promise<SavedState>
  /** Lists the states of an owner in the order of their ids, page by page. @throws INPUT_INVALID; the codes of the store */
  list(input: ListStatesInput): AsyncIterable<StateSummary>
  /** Lists the versions of a state, newest first; none for an unknown state. @throws INPUT_INVALID; the codes of the store */
  versions(input: StateVersionsInput): Promise<StateVersion[]>
  /**
   * Saves an older version again as the newest, so a rollback can be rolled back. It costs one row and no bytes.
   * @throws INPUT_INVALID, STATE_UNKNOWN; STATE_CONFLICT; the codes of the store
   */
  rollback(input: RollbackStateInput): Promise<SavedState>
  /**
   * Labels a version so that it is kept after newer ones have replaced it; a label moves from the version that had it. `null` removes the label.
   * @throws INPUT_INVALID, STATE_UNKNOWN; the codes of the store
   */
  label(input: LabelStateInput): Promise<void>
  /**
   * Deletes a version, and every stored byte that only this version had.
   * @throws INPUT_INVALID, STATE_UNKNOWN; STATE_CORRUPT; the codes of the store
   */
  deleteVersion(input: DeleteStateVersionInput): Promise<void>
  /** Deletes a state with all its versions; a row stays, so that no number is reused. @throws INPUT_INVALID; the codes of the store */
  delete(input: StateKeyInput): Promise<{ readonly versions: number }>
  /** Reports what the states of an org, or of all orgs, cost, and how this process reaches them. @throws INPUT_INVALID; the codes of the store */
  stats(input?: { readonly orgId?: string }): Promise<StateStats>
  /** Reads and checks every frame, digest and chain. @throws INPUT_INVALID; the codes of the store */
  verify(input: {
    readonly orgId: string
    readonly userId?: string
    readonly stateId?: string
  }): Promise<StateVerification>
}

type StateKeyInput = {
  readonly orgId: string
  /** The user it belongs to. States of users and of the org itself are separate, even under the same id. @default the org's own */
  readonly userId?: string | undefined
  readonly stateId: string
}

/** Options of a save; those left out keep the values of the last save. */
export type StateOptions = {
  /** At most 64, each of at most 200 characters. */
  readonly tags?: readonly string[] | undefined
  /** JSON of at most 16 KB. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Of this version. */
  readonly label?: string | undefined
  /** Seconds until the state expires; `null`: never. @default the setting `stateTtlSeconds` */
  readonly ttlSeconds?: number | null | undefined
  /** Whether each load restarts the seconds. @default false */
  readonly isTtlSliding?: boolean | undefined
  /** 1: no history. @default the setting `stateKeepVersions` */
  readonly keepVersions?: number | undefined
}

export type SaveStateInput = StateKeyInput &
  StateOptions & {
    /** JSON with `Uint8Array` beside it. */
    readonly state: StateValue | object
    /** The version that must be the newest; 0: there must be none yet. */
    readonly expectedVersion?: number | undefined
    /** Repeating a save with the same id returns its first result while that version is kept. */
    readonly saveId?: string | undefined
  }
export type UpdateStateInput = StateKeyInput &
  StateOptions & {
    /** @default 5,000 */
    readonly timeoutMs?: number | undefined
  }
export type LoadStateInput = StateKeyInput & {
  readonly version?: number | undefined
  readonly label?: string | undefined
}
type StateVersionsInput = StateKeyInput & {
  /** Versions before this one. */
  readonly before?: number | undefined
  /** @default 100 */
  readonly limit?: number | undefined
}
type RollbackStateInput = StateKeyInput & { readonly toVersion: number }
type LabelStateInput = StateKeyInput & { readonly version: number; readonly label: string | null }
type DeleteStateVersionInput = StateKeyInput & { readonly version: number }
export type ListStatesInput = {
  readonly orgId: string
  /** @default the org's own states */
  readonly userId?: string | undefined
  /** States that have all of these. */
  readonly tags?: readonly string[] | undefined
  /** States whose metadata has all of this. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly savedAfter?: Date | undefined
  readonly savedBefore?: Date | undefined
  /** Lists those whose ids come after this one, in the order of the list. @default from the beginning */
  readonly afterStateId?: string | undefined
}

export type SavedState = { readonly version: number; readonly savedAt: Date }
export type LoadedState = StateVersion & { readonly state: StateValue; readonly expiresAt: Date | undefined }
export type StateVersion = {
  readonly version: number
  readonly savedAt: Date
  readonly rawBytes: number
  readonly label: string | undefined
  /** The version that a rollback saved once more. */
  readonly restoredFrom: number | undefined
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
}
export type StateSummary = {
  readonly stateId: string
  readonly userId: string | undefined
  readonly version: number
  readonly savedAt: Date
  readonly expiresAt: Date | undefined
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
}
