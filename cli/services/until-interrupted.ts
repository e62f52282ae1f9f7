import { AfterturnError } from '../../shared/errors.ts'
import { untilSignalled } from '../../shared/processes/lifecycle.ts'
import { type Services, startServices } from './services.ts'

/**
 * Runs work that starts services, then disposes of the stack, even after a failure, Ctrl-C or SIGTERM. Without this a signal would end only
 * this process and leave its services running.
 * @throws SHUTTING_DOWN if interrupted, and whatever the work throws
 */
export async function untilInterrupted<T>(work: (stack: AsyncDisposableStack) => Promise<T>): Promise<T> {
  await using stack = new AsyncDisposableStack()
  const interrupted = untilSignalled().then(() => {
    console.error('\nStopping the services … (press Ctrl-C again to exit at once)')
    throw new AfterturnError('SHUTTING_DOWN', 'The command was interrupted.', {
      remedy: 'Nothing is left running; run it again.',
    })
  })
  return await Promise.race([work(stack), interrupted])
}

/** Starts services that end with the stack, even if it is interrupted while they start. */
export function startServicesFor(
  stack: AsyncDisposableStack,
  ...given: Parameters<typeof startServices>
): Promise<Services> {
  const starting = startServices(...given)
  const stop = (services: Services) => services.stop()
  stack.defer(() => starting.then(stop, () => {}))
  return starting
}
