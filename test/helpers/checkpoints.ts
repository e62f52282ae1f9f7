import { AfterturnSaver, type AfterturnSaverOptions } from '../../adapters/langgraph/afterturn-saver.ts'
import { parseConfig } from '../../shared/config.ts'
import { bindCheckpoints } from '../../shared/state/checkpoints/bind-checkpoints.ts'
import type { Database } from '../../shared/store/database.ts'

type Time = { now: Date | undefined }

/** A saver of one test's own: it has nothing of another's in its memory. The time stands at `time.now`, or goes on. */
export function createTestSaver(
  database: Database,
  options: AfterturnSaverOptions,
  time: Time = { now: undefined },
): AfterturnSaver {
  const config = parseConfig({ redisUrl: 'redis://127.0.0.1', databaseUrl: 'postgresql://127.0.0.1/x' })
  const clock = { now: () => time.now ?? new Date(), monotonicMs: () => performance.now() }
  const { checkpoints } = bindCheckpoints({ config, database, clock, enter: (call) => call() })
  return new AfterturnSaver({ checkpoints }, options)
}
