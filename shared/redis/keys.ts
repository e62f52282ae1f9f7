import { createHash } from 'node:crypto'

/** Owns the form of every key that names an org, a workstream or a turn. Guarantees: two different lists of ids never make one key. */

/** Longer parts are cut and hashed, so that a key has a bounded length. */
const MAX_PART_LENGTH = 80
const READABLE_LENGTH = 24

/** Joins ids to a key `a:b:c`, each part percent-encoded; what is too long becomes `head~hash`. */
export function compositeKey(...ids: string[]): string {
  return ids.map(keyPart).join(':')
}

function keyPart(id: string): string {
  // `~` stays free for the mark of a hash, and `%` of encoding itself is encoded.
  const part = encodeURIComponent(id).replaceAll('~', '%7E')
  if (part.length <= MAX_PART_LENGTH) return part
  return `${part.slice(0, READABLE_LENGTH)}~${createHash('sha256').update(id).digest('base64url')}`
}

/** The lease of one workstream: who is extracting its turns. */
export function workstreamLeaseKey(prefix: string, orgId: string, workstreamId: string): string {
  return `${prefix}:lease:workstream:${compositeKey(orgId, workstreamId)}`
}

/** The lease of one repository: who is indexing it. */
export function repoLeaseKey(prefix: string, orgId: string, repoId: string): string {
  return `${prefix}:lease:repo:${compositeKey(orgId, repoId)}`
}

/** The lease of one workstream's context: who is compacting it. */
export function contextLeaseKey(prefix: string, orgId: string, workstreamId: string): string {
  return `${prefix}:lease:context:${compositeKey(orgId, workstreamId)}`
}

/** Those who wait for a lease, in order. */
export function leaseLineKey(lease: string): string {
  return `${lease}:line`
}

/** Which processes serve a queue. */
export function fleetKey(prefix: string, queue: string): string {
  return `${prefix}:fleet:${queue}`
}

/** Present while a running job is to be cancelled. */
export function cancelRequestKey(prefix: string, queue: string, jobId: string): string {
  return `${prefix}:cancel:${compositeKey(queue, jobId)}`
}

/** The lease of one org's memory. The braces put its line on the same node of a cluster. */
export function orgMemoryLeaseKey(prefix: string, orgId: string): string {
  return `${prefix}:lease:memory:{${compositeKey(orgId)}}`
}

/** What stands before a process's name in the channel on which it hears that its turn has come. */
export function wakeUpChannelPrefix(prefix: string): string {
  return `${prefix}:wake-up:`
}

/** Tells whoever follows a stream of events, or with no stream all of an org's, to look again. */
export function eventsChannel(prefix: string, orgId: string, stream?: readonly string[]): string {
  return stream === undefined
    ? `${prefix}:events:${compositeKey(orgId)}`
    : `${prefix}:events:${compositeKey(orgId, ...stream)}`
}

/** The streams of messages: what comes in, what goes to an agent, and what executors of other programs have done. */
export function streamsOf(prefix: string) {
  return {
    incoming: `${prefix}:work:incoming`,
    completions: `${prefix}:work:completions`,
    triggers: (agent: string) => `${prefix}:triggers:${agent}`,
  } as const
}

/** Present once a ticket was taken. */
export function ticketKey(prefix: string, ticketId: string): string {
  return `${prefix}:ticket:${ticketId}`
}

/** The newest progress of a task. */
export function progressKey(prefix: string, orgId: string, taskId: string): string {
  return `${prefix}:progress:${compositeKey(orgId, taskId)}`
}

/** Where the progress of a task is published. */
export function progressChannel(prefix: string, orgId: string, taskId: string): string {
  return `${progressKey(prefix, orgId, taskId)}:frames`
}

/** What the keys of an org's progress begin with. */
export function progressOfOrg(prefix: string, orgId: string): string {
  return `${prefix}:progress:${compositeKey(orgId)}:`
}

/** Halts everything while it holds a truthy value: `SET PREFIX:kill_switch 1`. */
export function killSwitchKey(prefix: string): string {
  return `${prefix}:kill_switch`
}

/** The names of the queues of hosts, which no process but theirs has in its code. */
export function hostQueuesKey(prefix: string): string {
  return `${prefix}:host-queues`
}

/** Tells every process to look at the kill switch now. */
export function killSwitchChannel(prefix: string): string {
  return `${prefix}:kill_switch:changed`
}

/** The jobs of an org that wait, in one queue, for the kill switch to be turned off. */
export function haltedJobsKey(prefix: string, orgId: string, queue: string): string {
  return `${prefix}:kill_switch:jobs:${compositeKey(orgId, queue)}`
}

/** For which orgs and queues such jobs wait. */
export function haltedPlacesKey(prefix: string): string {
  return `${prefix}:kill_switch:places`
}

/** The line in which the fleet's calls of one model at one provider wait. */
export function modelLineKey(prefix: string, baseUrl: string, model: string): string {
  return `${prefix}:model-line:${compositeKey(new URL(baseUrl).host, model)}`
}

/**
 * The slots of one key in one queue: who holds one, who stands in line, for all keys of the queue how many jobs are parked, and how often those that
 * yield were overtaken.
 */
export function slotKeys(
  prefix: string,
  queue: string,
  key: string,
): [holders: string, line: string, parked: string, overtaken: string] {
  const slots = `${prefix}:slots:${queue}:${compositeKey(key)}`
  return [`${slots}:holders`, `${slots}:line`, parkedKey(prefix, queue), `${slots}:overtaken`]
}

/** How many jobs of a queue are parked, by the key that they wait for. */
export function parkedKey(prefix: string, queue: string): string {
  return `${prefix}:parked:${queue}`
}

/** Tells every process of the API that a key was revoked. */
export function accessChannel(prefix: string): string {
  return `${prefix}:access:changed`
}

/** When a caller of the API may call again. */
export function requestRateKey(prefix: string, callerId: string): string {
  return `${prefix}:request-rate:${compositeKey(callerId)}`
}
