import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { QUEUE_NAMES } from '../queues/catalog.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { makeRunDirectory } from '../scripts/run-directory.ts'
import { environmentOf, type FleetProcess, startProcess, startServices } from '../scripts/services.ts'
import { readConfig } from '../shared/config.ts'
import { AfterturnError } from '../shared/errors.ts'
import { printFailure, untilSignalled } from '../shared/lifecycle.ts'
import { silentLog } from '../shared/observe/log.ts'
import { playTranscript, untilDigested } from './play-transcript.ts'
import { printConversation, printTotals } from './report.ts'
import { bold, dim, heading, progressBar } from './terminal.ts'
import { readTranscript, type Transcript } from './transcript.ts'

/** A door: `npm run demo` runs the main job on real services: a conversation is recorded turn by turn, the fleet digests it, and the result is shown. */

const DIGEST_WINDOW_MS = 2_000
const OWN_CONVERSATION = fileURLToPath(new URL('./conversation.jsonl', import.meta.url))

const options = new Command('npm run demo --')
  .description('Records a conversation, lets the fleet digest it, and shows what is remembered.')
  .option(
    '--conversation <file>',
    'a transcript of your own: JSON lines {role, name?, content, at?, turnId?}, or the LoCoMo format',
  )
  .option('--query <text...>', 'what to search for instead of the prepared questions')
  .option('--keep', 'leave the fleet and its dashboard up until Ctrl-C')
  .parse()
  .opts<{ conversation?: string; query?: string[]; keep?: boolean }>()

const signalled = untilSignalled()

try {
  // A broken transcript is refused before anything is started.
  const transcripts = await readTranscript(options.conversation ?? OWN_CONVERSATION)
  const dataDir = await makeRunDirectory('.data', 'demo')
  const isWhole = await runDemo(transcripts, dataDir).finally(() => rm(dataDir, { recursive: true, force: true }))
  process.exit(isWhole ? 0 : 1)
} catch (error) {
  printFailure(error)
  process.exit(1)
}

async function runDemo(transcripts: readonly Transcript[], dataDir: string): Promise<boolean> {
  console.log(`${bold('Afterturn')} ${dim('remembers what matters after each turn of an AI agent')}\n`)
  console.log('Starting two Redis roles, the store and the workers …')
  const services = await startServices(dataDir, process.env)
  const settings = {
    DIGEST_WINDOW_MS: String(DIGEST_WINDOW_MS),
    REDIS_KEY_PREFIX: `demo-${process.pid}`,
    DASHBOARD_PORT: '0',
    LOG_LEVEL: 'error',
  }
  const environment = { ...process.env, ...environmentOf(services.addresses), ...settings }
  const processes: FleetProcess[] = []
  const runtime = createRuntime(readConfig(environment), { log: silentLog })
  try {
    for (const name of [...QUEUE_NAMES, ...(options.keep ? ['dashboard'] : [])])
      processes.push(await startProcess(name, environment))
    await runtime.connect()
    console.log(
      `Model: ${runtime.provider.name === 'local' ? 'local rules and vectors, offline, no LLM\n       (OPENAI_API_KEY or OPENAI_BASE_URL turns one on)' : runtime.provider.completionModel}`,
    )
    console.log(
      `Digest window: ${DIGEST_WINDOW_MS / 1_000} s here, so that you need not wait; 15 minutes by default.\n`,
    )
    const interrupted = signalled.then(() => {
      throw new AfterturnError('SHUTTING_DOWN', 'The demo was interrupted.')
    })
    const isWhole = await Promise.race([digestAndReport(runtime, transcripts), interrupted])
    if (options.keep) await keepUp(processes.at(-1) as FleetProcess)
    return isWhole
  } finally {
    await runtime.disconnect()
    await Promise.all(processes.map((one) => one.stop()))
    await services.stop()
  }
}

async function digestAndReport(runtime: Runtime, transcripts: readonly Transcript[]): Promise<boolean> {
  const turns = transcripts.reduce((sum, transcript) => sum + transcript.turns.length, 0)
  const recording = progressBar('Recording', turns)
  let recorded = 0
  for (const transcript of transcripts) {
    await playTranscript(runtime.memory, transcript, () => recording.update(++recorded))
  }
  recording.end()
  const digesting = progressBar('Digesting', turns)
  const orgIds = transcripts.map((transcript) => transcript.conversationId)
  await untilDigested(runtime.memory, orgIds, (settled) => digesting.update(settled))
  digesting.end()
  for (const transcript of transcripts) await printConversation(runtime, transcript, options.query)
  return printTotals(runtime, orgIds)
}

async function keepUp(dashboard: FleetProcess): Promise<void> {
  heading('The fleet is up')
  console.log(
    `Dashboard  ${dashboard.ready.url}\nUser       ${dashboard.ready.user}\nPassword   ${dashboard.ready.password ?? 'as DASHBOARD_PASSWORD says'}\n\nCtrl-C ends it.`,
  )
  await signalled
}
