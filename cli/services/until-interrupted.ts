import { AfterturnError } from '../../shared/errors.ts'
import { untilSignalled } from '../../shared/processes/lifecycle.ts'
import { type Services, startServices } from './services.ts'

/**
 * Runs work that starts services, and then what it has deferred on the stack, the last first: also when it failed or was interrupted, by Ctrl-C or
 * SIGTERM. Before that a signal would end this process alone, and its services would stay.
 * @throws SHUTTING_DOWN when it was interrupted, and what the work throws
 */
export async function untilInterrupted<T>(work: (stack: AsyncDisposableStack) => Promise<T>): Promise<T> {
  await using stack = new AsyncDisposableStack()
  const interrupted = untilSignalled().then(() => {
    console.error('\nStopping what was started … (Ctrl-C again does not wait for it)')
    throw new AfterturnError('SHUTTING_DOWN', 'The command was interrupted.', {
      remedy: 'Nothing is left running; run it again.',
    })
  })
  return await Promise.race([work(stack), interrupted])
}

/** Starts services that end with the stack, also when it is interrupted while they start. */
export function startServicesFor(
  stack: AsyncDisposableStack,
  ...given: Parameters<typeof startServices>
): Promise<Services> {
  const starting = startServices(...given)
  const stop = (services: Services) => services.stop()
  stack.defer(() => starting.then(stop, () => {}))
  return starting
}
