import { createConnection } from 'node:net'

/**
 * Owns the smallest possible question to a Redis on this machine: do you know this password and answer PING? It needs no client and keeps
 * no connection. A Redis without a password, or with another one, is not the server that was meant.
 */

const ANSWER_TIMEOUT_MS = 1_000

/** Whether a server on this port of 127.0.0.1 accepts the password and answers; `false` also while it loads its data. Never rejects. */
export function isAnswering(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = createConnection({ host: '127.0.0.1', port })
    const finish = (isReady: boolean) => {
      socket.destroy()
      resolve(isReady)
    }
    socket.setEncoding('utf8').setTimeout(ANSWER_TIMEOUT_MS, () => finish(false))
    socket.once('error', () => finish(false))
    socket.once('close', () => finish(false))
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`))
    socket.on('data', (chunk) => {
      answer += chunk
      const lines = answer.split('\r\n')
      if (lines.length > 2 || lines[0]?.startsWith('-')) finish(lines[0] === '+OK' && lines[1] === '+PONG')
    })
  })
}
