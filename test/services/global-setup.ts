import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { prepareSandbox } from '../../scripts/services-sandbox.mjs'
import { startServers } from './start-servers.ts'

/** Starts the servers once for the whole suite and gives the tests their addresses; where it cannot, it gives the reason. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const sandbox = await prepareSandbox(root, (line) => console.error(`services: ${line}`))
  const skipReason = 'skipReason' in sandbox ? sandbox.skipReason : ''
  project.provide('servicesSkipReason', skipReason)
  if ('skipReason' in sandbox) {
    console.error(`services: the suite is skipped: ${skipReason}`)
    return async () => {}
  }
  const servers = await startServers(sandbox.directory)
  project.provide('postgresUrl', servers.postgresUrl)
  project.provide('redis8Url', servers.redis8Url)
  project.provide('valkey8Url', servers.valkey8Url)
  return servers.stop
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Why this machine cannot run the servers; empty when they run, and only then are the addresses there. */
    servicesSkipReason: string
    /** PostgreSQL 17 with pgvector available, as its superuser, in the database `postgres`. */
    postgresUrl: string
    redis8Url: string
    valkey8Url: string
  }
}
