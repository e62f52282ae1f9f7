import { createRequire } from 'node:module'
import type { Telemetry } from 'bullmq'
import type { Clock } from '../shared/clock.ts'
import type { Config } from '../shared/config.ts'
import { createStreamWakes, type StreamWakes } from '../shared/events/stream-wakes.ts'
import type { Log } from '../shared/observe/log.ts'
import { createMetrics, type Metrics } from '../shared/observe/metrics.ts'
import { createTracing, TRACER_NAME, type Tracing } from '../shared/observe/tracing.ts'
import { type Channels, createChannels } from '../shared/redis/channels.ts'
import { createRedisConnections, type RedisConnections } from '../shared/redis/connections.ts'
import { createLoadedCode, type LoadedCode } from '../shared/repo/index-format/loaded-code.ts'
import { type Database, openDatabase } from '../shared/store/database.ts'
import { createHeldCodes, type HeldCodes } from '../shared/store/search-index/held-codes.ts'

/** What every part of a runtime stands on: the settings, the two stores, and how it is watched. */
export type Foundation = {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly processName: string
  readonly connections: RedisConnections
  readonly database: Database
  /** Codes of vectors, which searches of this process compare first. */
  readonly heldCodes: HeldCodes
  readonly loadedCode: LoadedCode
  readonly channels: Channels
  /** Tells followers of events that there is something new. */
  readonly wakes: StreamWakes
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly telemetry: Telemetry | undefined
}

export function createFoundation(config: Config, clock: Clock, log: Log, processName: string): Foundation {
  const connections = createRedisConnections({ ...config, log, processName })
  const channels = createChannels(connections.getConnectionForSubscriptions)
  const database = openDatabase({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    onConnectionError: (error) => log.warn({ error: error.message }, 'a connection to the store broke'),
  })
  return {
    config,
    clock,
    log,
    processName,
    connections,
    channels,
    wakes: createStreamWakes({
      channels,
      publisher: connections.getConnectionForProducers,
      keyPrefix: config.redisKeyPrefix,
    }),
    database,
    heldCodes: createHeldCodes(config.memorySearchMemoryBytes),
    loadedCode: createLoadedCode(database, config.repoSearchMemoryBytes),
    metrics: createMetrics(),
    tracing: createTracing(config.tracing),
    telemetry: config.tracing ? createTelemetry() : undefined,
  }
}

/** Of BullMQ's own steps. The package and OpenTelemetry's API are loaded by processes that trace only. */
function createTelemetry(): Telemetry {
  const { BullMQOtel } = createRequire(import.meta.url)('bullmq-otel') as typeof import('bullmq-otel')
  return new BullMQOtel({ tracerName: TRACER_NAME })
}
