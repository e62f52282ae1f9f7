import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { prepareSandbox } from '../../scripts/services-sandbox.mjs'
import { startServers } from './start-servers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Why this machine cannot run the servers; empty when they run, and only then are the addresses there. */
    servicesSkipReason: string
    redis8Url: string
    valkey8Url: string
    pgbouncerUrl: string
  }
}

/** Starts the servers for one project of the suite and gives its tests their addresses: PostgreSQL 17, and one of the two Redis servers. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const sandbox = await prepareSandbox(root, (line) => console.error(`services: ${line}`))
  const skipReason = 'skipReason' in sandbox ? sandbox.skipReason : ''
  project.provide('servicesSkipReason', skipReason)
  if ('skipReason' in sandbox) {
    console.error(`services: the suite is skipped: ${skipReason}`)
    return async () => {}
  }
  const servers = await startServers(sandbox.directory)
  const redisUrl = (project.name === 'valkey-8' ? servers.valkey8 : servers.redis8).url
  project.provide('pgliteTemplateDir', '')
  project.provide('postgresUrl', (project.name === 'pgbouncer' ? servers.pgbouncer : servers.postgres).url)
  project.provide('pgbouncerUrl', servers.pgbouncer.url)
  project.provide('redisUrl', redisUrl)
  project.provide('cacheRedisUrl', redisUrl)
  project.provide('redis8Url', servers.redis8.url)
  project.provide('valkey8Url', servers.valkey8.url)
  return servers.stop
}
