/**
 * Refuses a Node that is too old, in words. Doors import it before anything else: it must import nothing, and no module may link to what an older
 * Node has not, or the loader's SyntaxError comes first.
 */

const NEEDED = [24, 6] as const

const [major = 0, minor = 0] = (process.versions.node ?? '').split('.').map(Number)
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]))
  throw new Error(
    `NODE_TOO_OLD: afterturn needs Node >= ${NEEDED.join('.')}, and this is Node ${process.versions.node} (${process.execPath}). Install a newer one from https://nodejs.org, or with \`nvm install ${NEEDED[0]}\`; \`afterturn/client\` alone runs on Node 20 too.`,
  )
