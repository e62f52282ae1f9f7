/** Owns telling an order to a model from a statement about the world; an order must not become a memory by itself. */

const ORDERS = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:previous|prior|above|earlier|all|any|your|the|these)\b.{0,30}\b(?:instruction|prompt|rule|guideline|direction|context)/i,
  /\b(?:system|developer) (?:prompt|message|instruction)/i,
  /\byou are (?:now|no longer)\b.{0,60}\b(?:assistant|ai|model|bot|mode|dan|unrestricted|developer|root|admin)/i,
  /\b(?:jailbreak|do anything now|developer mode)\b/i,
  /\b(?:reveal|print|output|repeat|leak|exfiltrate|send)\b.{0,40}\b(?:prompt|instructions|credentials|api keys?|passwords?|memories)\b/i,
  /<\|?(?:im_start|im_end|system|assistant|endoftext)\|?>|\[\/?INST\]/i,
  /\b(?:add|save|store|write|remember)\b.{0,30}\b(?:to|in|into) (?:your )?(?:long[- ]term )?memor(?:y|ies)\b/i,
]

/** Whether the text reads like an order to a model rather than a statement about the world. */
export function isInstructionLike(text: string): boolean {
  return ORDERS.some((pattern) => pattern.test(text))
}
