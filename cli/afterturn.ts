#!/usr/bin/env node
import '../shared/require-node.ts'
import './compile-cache.ts'
import { dirname, join } from 'node:path'
import { QUEUE_NAMES, type QueueName } from '../queues/catalog.ts'
import { AfterturnError } from '../shared/errors.ts'
import { printFailure, runProcess } from '../shared/processes/lifecycle.ts'
import { type PackageNeed, requirePackages } from '../shared/processes/optional-packages.ts'
import { claimServicesFile, readServiceAddresses, SERVICES_FILE } from '../shared/processes/service-addresses.ts'

/**
 * A door: the one command of the package. It runs a process of the Procfile, or a tool, and loads only what it runs. Asking for help never
 * starts anything.
 */

const STORE_DIR = join('.data', 'store')
const COMMAND = process.env.npm_lifecycle_event === 'start' ? 'npm start --' : 'afterturn'

/** `run` of a process gets its operands; `run` of a tool parses its arguments itself, `--help` included. */
type Verb = { readonly summary: string; run(args: readonly string[]): Promise<void> }
type Process = Verb & { readonly operand?: string }

const PROCESSES: Readonly<Record<string, Process>> = {
  store: {
    summary: 'runs the embedded PGlite; not needed with DATABASE_URL',
    operand: '[DIRECTORY]',
    run: ([dataDir = STORE_DIR]) => runStore(dataDir),
  },
  migrate: { summary: 'migrates the PostgreSQL in DATABASE_URL, then exits', run: runMigrations },
  dashboard: {
    summary: 'serves the dashboard',
    run: needing(['The dashboard'], async () => (await import('../dashboard/main.ts')).runDashboard()),
  },
  api: {
    summary: 'serves the HTTP API',
    run: needing(['The API'], async () => (await import('../api/main.ts')).runApi()),
  },
  web: {
    summary: 'serves the dashboard and the API on one port: PORT',
    run: needing(['The dashboard', 'The API'], async () => (await import('./web.ts')).runWeb()),
  },
  ...Object.fromEntries(
    QUEUE_NAMES.map((name) => [name, { summary: 'works on this queue', run: () => runWorkers([name]) }]),
  ),
  workers: { summary: 'works on all queues in one process', run: () => runWorkers(QUEUE_NAMES) },
  messages: {
    summary: 'routes messages to agents, here and in other programs',
    run: async () => (await import('../workers/main.ts')).runMessages(),
  },
}

/** The review of held memories, by the words of its page. */
const REVIEW = { list: 'memory.held', approve: 'memory.approve', reject: 'memory.reject' }

const TOOLS: Readonly<Record<string, Verb>> = {
  dev: {
    summary: 'runs services, workers and dashboard until Ctrl-C',
    run: async (args) => (await import('./dev.ts')).runDev(args),
  },
  doctor: {
    summary: 'shows the configuration and checks each service',
    run: async (args) => (await import('./doctor/doctor.ts')).runDoctor(args),
  },
  index: {
    summary: 'indexes a repository for code search',
    run: async (args) => (await import('./index-repo.ts')).runIndex(args),
  },
  'search-code': {
    summary: 'searches the code of indexed repositories',
    run: async (args) => (await import('./search-code.ts')).runSearchCode(args),
  },
  review: {
    summary: 'lists, approves and rejects held memories',
    run: async (args) => (await import('./operations/operation-commands.ts')).runVerbs('review', REVIEW, args),
  },
  mcp: {
    summary: 'serves the tools of the Model Context Protocol',
    run: needing(['The API'], async (args) => (await import('./mcp.ts')).runMcp(args)),
  },
  ...operations('turns', 'records turns and reports what became of them'),
  ...operations('memory', 'searches, lists, writes and reviews memories'),
  ...operations('instructions', "shows and sets an org's instructions for extraction"),
  ...operations('contexts', 'loads, expands and compacts conversations'),
  ...operations('repos', 'indexes, searches and lists repositories'),
  ...operations('states', 'saves, loads and rolls back states of agents'),
  events: {
    summary: 'publishes, reads and follows events',
    run: async (args) => (await import('./operations/tail-events.ts')).runEvents(args),
  },
  ...operations('executions', 'starts, updates, ends and shows executions of workflows'),
  ...operations('progress', 'records the progress of a task'),
  ...operations('messages', 'sends, takes and completes messages to agents'),
  ...operations('jobs', 'reports on jobs and cancels them'),
  ...operations('org', 'reports on an org, exports and erases it'),
  ...operations('keys', 'creates, lists and revokes keys of the API'),
  ...operations('kill-switch', 'stops and resumes the fleet, an org or a queue'),
  ...operations('dead-letters', 'lists, replays and drops failed work'),
  ...operation('status', 'org.status', "reports an org's turns, memories, dead letters and costs"),
  ...operation('erase', 'org.erase', 'erases an org, a user, a workstream, a turn or a memory'),
  ...operation('export', 'org.export', 'prints what is stored about an org or a user'),
}

/** Says what is missing before anything is loaded that needs it. */
function needing(needs: readonly PackageNeed[], run: Verb['run']): Verb['run'] {
  return async (args) => {
    try {
      needs.forEach(requirePackages)
    } catch (error) {
      printFailure(error)
      process.exit(1)
    }
    await run(args)
  }
}

/** The verbs of one group of operations of the API. */
function operations(group: string, summary: string): Record<string, Verb> {
  return {
    [group]: {
      summary,
      run: async (args) => (await import('./operations/operation-commands.ts')).runOperations(group, args),
    },
  }
}

/** One operation under a name of its own, for those that operators call most. */
function operation(name: string, id: string, summary: string): Record<string, Verb> {
  return {
    [name]: {
      summary,
      run: async (args) => (await import('./operations/operation-commands.ts')).runOperation(name, id, args),
    },
  }
}

const USAGE = `Usage: ${COMMAND} NAME [ARGUMENTS]

Processes:
${describeVerbs(PROCESSES)}

Tools, each with a --help of its own:
${describeVerbs(TOOLS)}`

const [name = '', ...args] = process.argv.slice(2)
/** `messages` is a process by itself, and a group of verbs with one. */
const isProcess = Object.hasOwn(PROCESSES, name) && (args.length === 0 || !Object.hasOwn(TOOLS, name))
if (isHelp(name)) console.log(USAGE)
else if (isProcess) await runNamed(name, PROCESSES[name] as Process)
else if (Object.hasOwn(TOOLS, name)) await TOOLS[name]?.run(args)
else if (name === '') refuse(USAGE)
else await refuseUnknown(name)

async function runNamed(name: string, { summary, operand, run }: Process): Promise<void> {
  const usage = `Usage: ${[COMMAND, name, operand].filter(Boolean).join(' ')}\n\n${name} ${summary}.`
  if (args.some(isHelp)) return console.log(usage)
  const extra = args.find((arg, index) => arg.startsWith('-') || index >= (operand ? 1 : 0))
  if (extra !== undefined) return refuse(`Unexpected argument ${JSON.stringify(extra)}.\n\n${usage}`)
  await run(args)
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h'
}

function refuse(message: string): void {
  console.error(message)
  process.exitCode = 2
}

/** Without the whole list: on a terminal it would push the message out of sight. */
async function refuseUnknown(name: string): Promise<void> {
  const { closestName } = await import('../shared/text/closest-name.ts')
  const meant = closestName(name, [...Object.keys(PROCESSES), ...Object.keys(TOOLS)])
  refuse(
    `Unknown name ${JSON.stringify(name)}.${meant === undefined ? '' : ` Did you mean ${meant}?`}\n\`${COMMAND} --help\` lists all names.`,
  )
}

function describeVerbs(verbs: Readonly<Record<string, Verb>>): string {
  return Object.entries(verbs)
    .map(([name, { summary }]) => `  ${name.padEnd(20)} ${summary}`)
    .join('\n')
}

async function runWorkers(names: readonly QueueName[]): Promise<void> {
  await (await import('../workers/main.ts')).runWorkers(names)
}

async function runStore(dataDir: string): Promise<void> {
  await runProcess(async () => {
    const { isPgliteUrl } = await import('../shared/store/database.ts')
    const given = process.env.DATABASE_URL
    if (given && !isPgliteUrl(given))
      throw new AfterturnError(
        'CONFIG_INVALID',
        'DATABASE_URL names a PostgreSQL: no process would use this `store`.',
        { remedy: 'Leave this process out, or unset DATABASE_URL to use the embedded PGlite.' },
      )
    requirePackages('The embedded store')
    const { makeDataDirectory } = await import('../shared/processes/make-data-directory.ts')
    const { startPgliteStore } = await import('../shared/store/pglite/pglite-store.ts')
    await makeDataDirectory(dirname(dataDir))
    const store = await startPgliteStore(dataDir)
    // A parent that starts it as a child tells the others its address.
    const release = process.send ? undefined : await announce(store.url)
    return {
      ready: { url: store.url },
      failed: store.failed,
      async stop() {
        await release?.()
        await store.stop()
      },
    }
  })
}

async function announce(databaseUrl: string): Promise<(() => Promise<void>) | undefined> {
  console.log(`The store is up: ${databaseUrl}`)
  const file = await claimServicesFile()
  if (file.heldBy !== undefined) {
    console.log(
      `${SERVICES_FILE} names the services of process ${file.heldBy} and is left unchanged: set DATABASE_URL in processes that are to use this store.`,
    )
    return undefined
  }
  await file.write({ databaseUrl })
  console.log(`${SERVICES_FILE} names it, so processes started in this directory find it.`)
  return file.release
}

async function runMigrations(): Promise<void> {
  try {
    const { readConfig } = await import('../shared/config.ts')
    const { isPgliteUrl } = await import('../shared/store/database.ts')
    const { directDatabaseUrl, databaseUrl: pooledUrl } = readConfig(process.env, readServiceAddresses())
    const databaseUrl = directDatabaseUrl ?? pooledUrl
    if (isPgliteUrl(databaseUrl))
      throw new AfterturnError(
        'CONFIG_INVALID',
        'Expected DATABASE_URL to name a PostgreSQL; a PGlite is migrated by its `store` process.',
      )
    const { migrate } = await import('../shared/store/migrations.ts')
    const applied = await migrate(databaseUrl)
    console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The schema is up to date.')
  } catch (error) {
    printFailure(error)
    process.exit(1)
  }
}
