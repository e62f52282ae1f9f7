import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Loaded before a process of the fleet (`node --import`): its wall clock jumps when the test says so, for everything in it, BullMQ included, as
 * when a machine's time is set. The monotonic clock and timers stay.
 * And it collects its garbage when told: what it holds then is in use.
 */
let offsetMs = Number(process.env.FAULT_CLOCK_OFFSET_MS ?? 0)
const RealDate = Date
const now = () => RealDate.now() + offsetMs

// A proxy, not a subclass: dates that the runtime itself makes are still an `instanceof` it.
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
})

process.on('message', (message: { clockOffsetMs?: number; collects?: boolean }) => {
  offsetMs = message.clockOffsetMs ?? offsetMs
  if (!message.collects) return
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
})
