import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

/**
 * Reports each command that a Redis runs, until it is stopped. On a plain connection: ioredis takes a command that comes in one packet with the
 * answer to MONITOR for an answer, and throws where nobody can catch it.
 */
export async function monitorRedis(url: string, report: (command: readonly string[]) => void): Promise<() => void> {
  const { hostname, port, username, password } = new URL(url)
  const socket = connect(Number(port), hostname)
  const lines = createInterface({ input: socket })
  const isWatching = new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    let answers = 0
    lines.on('line', (line) => {
      if (line.startsWith('-')) reject(new Error(line))
      else if (line === '+OK') {
        answers += 1
        if (answers === 2) resolve()
      } else {
        const from = line.indexOf('"')
        report(line.slice(from + 1, -1).split('" "'))
      }
    })
  })
  await once(socket, 'connect')
  socket.write(`AUTH ${decodeURIComponent(username) || 'default'} ${decodeURIComponent(password)}\r\nMONITOR\r\n`)
  await isWatching
  return () => socket.destroy()
}
