#!/usr/bin/env node
import { join } from 'node:path'
import { isQueueName, QUEUE_NAMES, type QueueName } from '../queues/catalog.ts'
import { AfterturnError } from '../shared/errors.ts'
import { printFailure, runProcess } from '../shared/processes/lifecycle.ts'
import { claimServicesFile, readServiceAddresses, SERVICES_FILE } from '../shared/processes/service-addresses.ts'

/** A door: `npm start -- PROCESS` runs one process of the Procfile; `migrate` prepares a PostgreSQL and ends. It loads only what is run. */

const STORE_DIR = join('.data', 'store')
const COMMAND = process.env.npm_lifecycle_event === 'start' ? 'npm start --' : 'afterturn'
const USAGE = `Usage: ${COMMAND} PROCESS

  store                runs the embedded PGlite (not needed with DATABASE_URL)
  migrate              brings the schema of the PostgreSQL in DATABASE_URL up to
                       date, and ends: before a new version starts
  dashboard            serves the dashboard
${QUEUE_NAMES.map((name) => `  ${name.padEnd(20)} works on this queue`).join('\n')}
  workers              works on all queues in one process

  kill-switch          halts the fleet, an org or a queue, and lets it go on
  dead-letters         lists what could not be done, replays and drops it
  review               lists held memories, approves and rejects them
  erase                forgets an org, a user, a workstream, a turn or a memory
  export               prints what is kept of an org or a user`

const [name, ...rest] = process.argv.slice(2)
if (name === 'store') await runStore(rest[0] ?? STORE_DIR)
else if (name === 'migrate') await runMigrations()
else if (name === 'dashboard') await (await import('../dashboard/main.ts')).runDashboard()
else if (name === 'workers') await runWorkers(QUEUE_NAMES)
else if (name !== undefined && isQueueName(name)) await runWorkers([name])
else if (name === 'kill-switch') await (await import('./kill-switch.ts')).runKillSwitch(rest)
else if (name === 'dead-letters') await (await import('./dead-letters.ts')).runDeadLetters(rest)
else if (name === 'review') await (await import('../scripts/review.ts')).runReview(rest)
else if (name === 'erase') await (await import('./erase.ts')).runErase(rest)
else if (name === 'export') await (await import('./export.ts')).runExport(rest)
else if (name === '--help') console.log(USAGE)
else {
  console.error(name === undefined ? USAGE : `Unknown process ${JSON.stringify(name)}.\n\n${USAGE}`)
  process.exit(2)
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
        'DATABASE_URL names a PostgreSQL, which needs no `store` process: nobody would use this one.',
        { remedy: 'Leave this process out, or unset DATABASE_URL to use the embedded PGlite.' },
      )
    const { startPgliteStore } = await import('../shared/store/pglite/pglite-store.ts')
    const store = await startPgliteStore(dataDir)
    // Whoever starts it as a child tells the others where it is.
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
      `${SERVICES_FILE} names the services of process ${file.heldBy} and stays as it is: set DATABASE_URL for what is to use this store.`,
    )
    return undefined
  }
  await file.write({ databaseUrl })
  console.log(`${SERVICES_FILE} names it: what is started here finds it.`)
  return file.release
}

async function runMigrations(): Promise<void> {
  try {
    const { readConfig } = await import('../shared/config.ts')
    const { isPgliteUrl } = await import('../shared/store/database.ts')
    const { databaseUrl } = readConfig({ REDIS_URL: 'redis://not-needed', ...process.env }, readServiceAddresses())
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
