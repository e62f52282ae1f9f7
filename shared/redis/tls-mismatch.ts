import { createConnection } from 'node:net'
import { connect } from 'node:tls'

/**
 * Owns the question whether an address says TLS where the server speaks none, or the other way round. A client cannot tell: each side waits for the
 * other, or hangs up, as a server that is away does. So the server is asked in the other way, without a login.
 */

/** How long the answer may take at most. */
export const MISMATCH_TIMEOUT_MS = 500

/** What is wrong with the address and what to write in it; undefined when nothing is known to be. Never rejects. */
export async function findTlsMismatch(
  url: string,
  variable: string,
): Promise<{ readonly fault: string; readonly remedy: string } | undefined> {
  const { protocol, hostname, port } = new URL(url)
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6_379) }
  const isTls = protocol === 'rediss:'
  if (!(await (isTls ? answersInPlain(address) : shakesHands(address)))) return undefined
  return isTls
    ? { fault: 'speaks no TLS', remedy: `Write redis:// instead of rediss:// in ${variable}.` }
    : { fault: 'speaks TLS only', remedy: `Write rediss:// instead of redis:// in ${variable}.` }
}

type Address = { readonly host: string; readonly port: number }

function answersInPlain(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address, () => socket.write('PING\r\n'))
    const finish = (isPlain: boolean) => {
      socket.destroy()
      resolve(isPlain)
    }
    // +PONG, or -NOAUTH; what speaks TLS sends an alert, which begins otherwise.
    socket.once('data', (answer) => finish(/^[+-]/.test(answer.toString('latin1'))))
    for (const event of ['error', 'close'] as const) socket.once(event, () => finish(false))
    socket.setTimeout(MISMATCH_TIMEOUT_MS, () => finish(false))
  })
}

function shakesHands(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (isTls: boolean) => {
      socket.destroy()
      resolve(isTls)
    }
    // Nothing secret is sent: whose certificate it is does not matter for this question.
    const socket = connect({ ...address, rejectUnauthorized: false }, () => finish(true))
    for (const event of ['error', 'close'] as const) socket.once(event, () => finish(false))
    socket.setTimeout(MISMATCH_TIMEOUT_MS, () => finish(false))
  })
}
