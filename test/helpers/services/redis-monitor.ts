import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

/**
 * Tells each command that a server runs, from a socket of its own: the client of Redis fails where the first command arrives together with the answer
 * to MONITOR. Returns what ends it.
 */
export async function monitorRedis(url: string, onCommand: (words: string[]) => void): Promise<() => void> {
  const { hostname, port, username, password } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => socket.destroy())
  const lines = createInterface({ input: socket })
  if (password !== '') {
    socket.write(`AUTH ${username || 'default'} ${password}\r\n`)
    await once(lines, 'line')
  }
  const isOn = once(lines, 'line')
  socket.write('MONITOR\r\n')
  if (String(await isOn) !== '+OK') throw new Error('MONITOR was refused')
  lines.on('line', (line) => onCommand([...line.matchAll(WORD)].map(([, word = '']) => word.replaceAll('\\"', '"'))))
  return () => socket.destroy()
}

const WORD = /"((?:[^"\\]|\\.)*)"/g
