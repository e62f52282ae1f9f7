import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { bold, heading, printHanging, withProgress } from '../cli/output/terminal.ts'
import { makeRunDirectory } from '../cli/services/run-directory.ts'
import { environmentOf, type StartedProcess, startProcess, startServices } from '../cli/services/services.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { describeProvider } from '../shared/ai/describe-provider.ts'
import { readConfig } from '../shared/config.ts'
import { silentLog } from '../shared/observe/log.ts'
import { printFailure, untilSignalled } from '../shared/processes/lifecycle.ts'
import { describeTopology } from '../shared/redis/topology/topology.ts'
import { playTranscript, untilDigested } from './play-transcript.ts'
import { printConversation, printTotals } from './report.ts'
import { requestCode, showCode } from './show-code.ts'
import { showContext } from './show-context.ts'
import { showLive } from './show-live.ts'
import { showState } from './show-state.ts'
import { readTranscript, type Transcript } from './transcript.ts'

/**
 * A door: `npm run demo` runs the main job on real services: a conversation is recorded turn by turn, the fleet digests it, and the result
 * is shown. Guarantees: whatever it started or wrote is stopped and removed, interrupted or not; the database of DATABASE_URL is not touched.
 */

const DIGEST_WINDOW_MS = 2_000
const DIGEST_MAX_WAIT_MS = 60_000
const EXIT_INTERRUPTED = 130
const EXIT_MISUSED = 2
const INTERRUPTED = new Error('The demo was interrupted.')
const OWN_CONVERSATION = fileURLToPath(new URL('./conversation.jsonl', import.meta.url))
/** About the conversation that comes with the demo. */
const OWN_QUESTIONS = [
  'when and where is the Mending Day?',
  'who is allergic to what?',
  'what does Tomasz drink now?',
  'where is Ines moving to?',
]

const options = new Command('npm run demo --')
  .description('Records a conversation, lets the fleet digest it, and shows what is remembered.')
  .option(
    '--conversation <file>',
    'a transcript of your own: JSON lines {role, name?, content, at?, turnId?}, or the LoCoMo format',
  )
  .option('--query <text>', 'what to search for instead of the prepared questions; may be repeated', addQuery)
  .option('--keep', 'leave the fleet and its dashboard up until Ctrl-C')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_MISUSED))
  .parse()
  .opts<{ conversation?: string; query?: string[]; keep?: boolean }>()

const processes: StartedProcess[] = []
const interruption = new AbortController()
const { signal } = interruption
void untilSignalled(killWorkers).then(() => {
  console.log('\nStopping what was started … (Ctrl-C again waits for no job)')
  interruption.abort(INTERRUPTED)
})
// Whoever read the output has gone, such as `head`.
process.stdout.on('error', () => interruption.abort(INTERRUPTED))

try {
  // A broken transcript is refused before anything is started.
  const transcripts = await readTranscript(options.conversation ?? OWN_CONVERSATION)
  const isWhole = await runDemo(transcripts)
  if (signal.aborted) console.log('Stopped. Nothing is left running.')
  process.exit(isWhole ? 0 : 1)
} catch (error) {
  if (error !== INTERRUPTED) {
    printFailure(error)
    process.exit(1)
  }
  console.log('Interrupted. Nothing is left running.')
  process.exit(EXIT_INTERRUPTED)
}

/** The rest of the way out is quick, and is gone in order: a Redis or a directory that is left behind nobody would ever remove. */
function killWorkers(): void {
  for (const one of processes) one.kill()
}

function addQuery(text: string, others: string[] = []): string[] {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.')
  return [...others, text]
}

async function runDemo(transcripts: readonly Transcript[]): Promise<boolean> {
  // What is deferred runs in reverse, also after a failure, and all of it.
  await using stack = new AsyncDisposableStack()
  console.log(bold('Afterturn remembers what matters after each turn of an AI agent'))
  const dataDir = await makeRunDirectory('.data', 'demo')
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))

  console.log('\nStarting Redis, the store and the workers …')
  const given = { ...process.env, DATABASE_URL: '' }
  const services = await startServices(dataDir, given)
  stack.defer(() => services.stop())
  services.failed.catch((error) => interruption.abort(error))
  const environment = {
    ...given,
    ...environmentOf(services.addresses),
    DIGEST_WINDOW_MS: String(DIGEST_WINDOW_MS),
    DIGEST_MAX_WAIT_MS: String(DIGEST_MAX_WAIT_MS),
    REDIS_KEY_PREFIX: process.env.REDIS_CLUSTER ? `{demo-${process.pid}}` : `demo-${process.pid}`,
    DASHBOARD_PORT: '0',
    METRICS_PORT: '',
    LOG_LEVEL: 'error',
  }
  const runtime = createRuntime(readConfig(environment), { log: silentLog })
  stack.defer(() => runtime.disconnect())
  const isForeignRedis = services.addresses.redisUrl === undefined
  if (isForeignRedis) stack.defer(() => removeKeys(runtime))
  stack.defer(async () => void (await Promise.all(processes.map((one) => one.stop()))))
  const names = ['workers', ...(options.keep ? ['dashboard'] : [])]
  const starts = await Promise.allSettled(names.map((name) => startProcess(name, environment)))
  processes.push(...starts.flatMap((start) => (start.status === 'fulfilled' ? start.value : [])))
  for (const start of starts) if (start.status === 'rejected') throw start.reason
  signal.throwIfAborted()
  await runtime.connect()
  signal.throwIfAborted()

  if (isForeignRedis)
    printHanging(8, 'Redis', `${describeTopology(runtime.config)}, whose keys of the demo are removed at the end`)
  const isLocal = runtime.provider.isFree
  const remedy = isLocal ? ' (OPENAI_API_KEY or OPENAI_BASE_URL turns an LLM on)' : ''
  printHanging(8, 'Model', describeProvider(runtime.provider) + remedy)
  printHanging(
    8,
    'Digest',
    `${DIGEST_WINDOW_MS / 1_000} s after the last turn, so that you need not wait; 15 minutes by default`,
  )
  console.log()
  const isWhole = await digestAndReport(runtime, transcripts)
  if (options.keep) await keepUp(processes.at(-1) as StartedProcess)
  return isWhole
}

async function removeKeys({ config, redis }: Runtime): Promise<void> {
  for (const connection of [redis.getConnection(), redis.getCacheConnection()])
    for await (const keys of connection?.scanStream({ match: `${config.redisKeyPrefix}:*`, count: 500 }) ?? [])
      if (keys.length > 0) await connection?.unlink(keys)
}

async function digestAndReport(runtime: Runtime, transcripts: readonly Transcript[]): Promise<boolean> {
  const turns = transcripts.reduce((sum, transcript) => sum + transcript.turns.length, 0)
  const orgIds = transcripts.map((transcript) => transcript.conversationId)
  const isOwn = options.conversation === undefined && options.query === undefined
  const code = isOwn ? await requestCode(runtime) : undefined
  await withProgress('Recording', turns, async (update) => {
    let recorded = 0
    for (const transcript of transcripts)
      await playTranscript(runtime.memory, transcript, () => {
        signal.throwIfAborted()
        update(++recorded)
      })
  })
  await withProgress('Digesting', turns, (update) =>
    untilDigested(runtime.memory, orgIds, (settled) => {
      signal.throwIfAborted()
      update(settled)
    }),
  )
  const questions = options.query ?? (options.conversation === undefined ? OWN_QUESTIONS : undefined)
  for (const transcript of transcripts) {
    await printConversation(runtime, transcript, questions)
    await showContext(runtime, transcript, signal)
    signal.throwIfAborted()
  }
  const [first] = transcripts
  if (first) await showState(runtime, first)
  if (code) {
    await showCode(runtime, code, signal)
    await showLive(runtime, signal)
  }
  const isWhole = await printTotals(runtime, orgIds)
  if (!options.keep) printNext()
  return isWhole
}

function printNext(): void {
  heading('What next')
  printHanging(17, '  npm run dev', 'starts the fleet and its dashboard; "Use it" in README.md has an app of ten lines')
  printHanging(
    17,
    '  npm run index',
    'makes code searchable: `npm run index -- PATH`, then `npm run search-code -- "QUESTION"`',
  )
  printHanging(17, '  npm run doctor', 'shows the configuration and examines each service')
}

async function keepUp(dashboard: StartedProcess): Promise<void> {
  heading('The fleet is up')
  printHanging(11, 'Dashboard', String(dashboard.ready.url))
  printHanging(11, 'User', String(dashboard.ready.user))
  printHanging(11, 'Password', String(dashboard.ready.password ?? 'as DASHBOARD_PASSWORD says'))
  console.log('\nCtrl-C ends it.')
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  if (signal.reason !== INTERRUPTED) throw signal.reason
}
