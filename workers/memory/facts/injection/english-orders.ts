/**
 * Owns the orders in English that name what they are after, beside those that are known by their words in all languages, and by which every model
 * that reads is addressed. For folded text; each is bounded.
 */

/** Tried where a clause begins. */
export const ENGLISH_ORDERS: readonly RegExp[] = [
  /(?:reveal|print|output|leak|exfiltrate|send|forward|upload|post|email|share)\b[^.!?]{0,40}\b(?:credentials|api keys?|passwords?|secrets|access tokens?|memories|chat history|conversation|private data)\b[^.!?]{0,20}\bto (?:this|that|the following|http|www|me at|an? (?:external|remote)|[\w.+-]{1,40}@)/,
  /(?:add|save|store|write|commit|put)\b[^.!?]{0,30}\b(?:to|in|into) (?:your )?long[- ]term memor(?:y|ies)\b/,
  /(?:add|save|store|write|commit|record)\b[^.!?]{0,30}\b(?:to|in|into) your memor(?:y|ies)\b(?![^.!?]{0,60}\b(?:i|i'm|my|me|we|our)\b)/,
  /(?:ignore|disregard|forget) (?:everything|anything|all|whatever) (?:above|before|prior|earlier|you (?:were|have been|know|have|learned)|that (?:was|came) (?:said |written )?(?:above|before))/,
  /(?:pretend|act|behave|respond|answer)\b[^.!?]{0,30}\b(?:you have no|you had no|without(?: any)?|there are no|free (?:of|from)) (?:\w{1,12} )?(?:rules|restrictions|limits|limitations|guidelines|filters|guardrails)/,
  /(?:all )?(?:your )?(?:previous|earlier|prior|original|former) (?:instructions|rules|guidelines|prompts?) (?:are|do|have been|is|no) [^.!?]{0,12}(?:void|invalid|cancell?ed|revoked|superseded|apply|valid)\b/,
  /(?:enter|activate|switch to|enable|go into) (?:developer|admin|debug|god|dan|jailbreak) mode(?= ?(?:$|[.,!?;:]|and ))/,
  /(?:stop|cease|quit) being (?:an? |the )?(?:\w{1,14} )?(?:assistant|ai|chatbot|bot|model)\b/,
  /you (?:will|must|may|can|shall|do) (?:no longer|never|not) (?:refuse|decline|reject)\b/,
  /(?:you )?(?:must |will |shall )?obey (?:only|nobody but|no one but|the author|the owner|this (?:page|document|text|file))/,
  /(?:translate|copy|encode|spell|paste|include|append|rewrite|put)\b[^.!?]{0,12}\byour (?:system|initial|hidden|original|internal|secret) (?:prompt|message|instructions|configuration|rules)/,
  /(?:whatever|everything|anything|all) (?:that )?you (?:were|have been|had been|got|received) ?(?:told|given|taught|instructed|trained)?[^.!?]{0,30}\b(?:void|no longer|obsolete|irrelevant|cancell?ed|revoked|does not count|is wrong)\b/,
  /(?:extract|record|remember|store|save|mark|treat)\b[^.!?]{0,40}\b(?:as (?:an? )?(?:verified|confirmed|trusted|true|highest[- ]importance) (?:fact|memory)|with importance 1)/,
  /(?:treat|regard|consider|take|use|follow)\b[^.!?]{0,40}\bas (?:your|the) (?:only|sole|new|real|true) (?:instructions?|rules?|system prompt|orders?)/,
  /abandon (?:the|any|every|all) (?:persona|role|rules?|polic(?:y|ies)|instructions?) (?:that )?you (?:were|have been|got)/,
  /(?:everything|anything|all|whatever)\b[^.!?]{0,12} in your (?:\w{1,12} )?(?:prompt|context|instructions)\b/,
  /(?:send|forward|upload|post|e?-?mail|share|encode|include|append|attach|put|write|transmit|report)\b[^.!?]{0,40}\b(?:everything you know|(?:whole|entire|full|this) conversation|chat history|context window|your (?:context|memory|memories))\b[^.!?]{0,60}(?:https?:|\b(?:this|that|the|following) (?:url|link|address|endpoint|server|image|page)\b)/,
  /(?:remember|memori[sz]e|note|save|store)\b[^.!?]{0,60}\b(?:is|are|am|has|have) (?:an? |the )?(?:admin(?:istrator)?|root|superuser|owner)\b[^.!?]{0,20}\b(?:rights|access|privileges|permissions)\b/,
  /you (?:no longer|do not|don't|need not) (?:have to |need to |must )?(?:follow|obey|respect|heed|comply with) (?:any|all|your|the|these|those) [^.!?]{0,20}\b(?:rules|guidelines|instructions|polic(?:y|ies)|restrictions)\b/,
  /(?:throw out|throw away|discard|drop) (?:the|any|all) (?:guidance|rules?|instructions?|guidelines) (?:that )?you (?:were|have been|got)/,
  /(?:as|being) (?:the|your) (?:developer|creator|owner|administrator|admin|operator)\b[^.!?]{0,20}\bi (?:hereby |now )?(?:lift|remove|waive|suspend|authori[sz]e|grant|order|allow)\b/,
  /(?:show|tell|give|print|repeat|reveal|output)\b[^.!?]{0,20}\b(?:text|words|instructions|message|content)s?\b[^.!?]{0,30}\b(?:before|above|preceding) (?:my|the|this|our) (?:first |own )?(?:message|conversation|chat|turn)\b/,
  /(?:discard|ignore|disregard|forget|drop|override) (?:whatever|everything|anything|all|what)\b[^.!?]{0,12}\b(?:operator|developer|vendor|owner|company|creator|provider|admin)s?\b[^.!?]{0,12}\b(?:configured|set|wrote|told|said|defined|decided)\b/,
  /keep (?:the|this) (?:user|human)s? (?:in the dark|unaware|out of (?:this|it))\b/,
  /(?:behave|act|answer|respond|work|operate|speak)\b[^.!?]{0,12}\b(?:as|like) (?:an? )?(?:\w{1,12} )?(?:ai|assistant|model|bot|llm)\b[^.!?]{0,14}\b(?:no|without|free of|free from|unlimited|unrestricted|unfiltered)\b/,
  /(?:reveal|show|list|print|output|dump|expose|send|give)\b[^.!?]{0,12}\b(?:every|all|any)\b[^.!?]{0,20}\b(?:stored|saved|hidden|secret|private)\b[^.!?]{0,12}\b(?:secrets?|passwords?|credentials?|keys?|memor(?:y|ies)|data|values?)\b/,
  /(?:give|show|send|tell|write|print|repeat|copy|paste|hand|reveal|output|reply|respond|answer|begin|start|end)\b[^.!?]{0,60}\byour (?:full |entire |complete |whole |exact )?(?:system|hidden|initial|original|secret|internal) (?:prompt|message|instructions|rules|guidelines)\b/,
  /(?:copy|send|post|forward|upload|paste|submit|transmit)\b[^.!?]{0,40}\b(?:messages?|conversations?|history|files?|keys?|credentials?|memor(?:y|ies)|data|contacts?)\b[^.!?]{0,60}https?:/,
  /you are (?:hereby |now |from now on )?(?:freed|released|exempt|exempted|unbound|relieved) (?:from|of) (?:\w{1,12} ){0,2}(?:rules?|guidelines?|instructions?|polic(?:y|ies)|restrictions?|limits?|constraints?)\b/,
  /this (?:message|text|note|page|prompt|document|e?-?mail|instruction) (?:overrides|supersedes|replaces|cancels|voids) (?:\w{1,12} ){0,3}(?:rules?|guidelines?|instructions?|prompts?|polic(?:y|ies)|directives?)\b/,
  /as an? (?:ai|llm|language model|ai (?:assistant|model|agent)),? you (?:must|have to|are (?:required|obliged|ordered))\b/,
  /(?:e?-?mail|send|post|text|forward|give|hand)\b[^.!?]{0,30}\b(?:passwords?|credentials?|secrets?|api keys?|tokens?|memories)\b[^.!?]{0,20}\bto [\w.+-]{3,60}\.[a-z]{2,10}\b/,
  /(?:pretend|imagine|act|behave|answer)\b[^.!?]{0,14}\b(?:policy|policies|rules?|guidelines?|restrictions?|filters?|guardrails?)\b[^.!?]{0,6}\b(?:do not exist|does not exist|don't exist|doesn't exist|did not exist|never existed|were gone|was gone|is gone|are gone|were off|was off)\b/,
  /your (?:new|real|true|actual|only) (?:instructions?|purpose|mission|directives?) (?:is|are) (?:now )?to\b/,
  /(?:whoever|anyone who|anything that|everything that|any tool that) (?:summari[sz]es|processes|indexes|parses|ingests) this\b[^.!?]{0,20}\b(?:must|should|shall|has to)\b/,
  /(?:treat|regard|consider) me as (?:an? |the |your )?(?:system |root |site )?(?:administrator|admin|root|developer|operator|owner|creator)\b/,
  /(?:follow|obey)\b[^.!?]{0,14}\bonly (?:my|these|this) (?:commands?|orders?|instructions?|page|note)\b/,
  /i,? (?:the|your) (?:developer|creator|owner|administrator|admin|operator),? (?:hereby )?(?:authori[sz]e|order|allow|command|permit|instruct) you\b/,
  /your (?:job|task|role|purpose|goal) is (?:no longer|not) to (?:help|serve|assist|protect|obey)\b/,
  /(?:reveal|show|list|print|output|dump|send|give|tell)\b[^.!?]{0,20}\b(?:api keys?|passwords?|secrets?|credentials?|tokens?)\b[^.!?]{0,20}\b(?:in your (?:memory|context|prompt)|you (?:know|have|hold|stored|remember))\b/,
  /you (?:now )?(?:work|act|answer|speak)\b[^.!?]{0,16}\band not for the (?:user|human)\b/,
  /(?:add|insert|include|hide|put)\b[^.!?]{0,12}\bhidden\b[^.!?]{0,20}\b(?:in|into|to) your (?:answer|reply|response|output)\b/,
  /(?:all |the |any |your ){0,2}(?:restrictions|limits|limitations|filters|safeguards|rules) (?:on|for) you (?:are|have been|were) (?:now )?(?:lifted|removed|off|gone|suspended|void)\b/,
  /you have a new (?:owner|master|operator|developer|boss)\b[^.!?]{0,40}\bobey\b/,
  /what (?:is|are|was|were|does|do|did)\b[^.!?]{0,30}\byour (?:system|initial|hidden|original|first|secret) (?:prompt|message|instructions)\b/,
  /(?:copy|paste|put|include|write|add|insert)\b[^.!?]{0,20}\byour (?:configuration|prompt|instructions|rules|settings)\b[^.!?]{0,20}\b(?:in|into|to) (?:the|your|this) (?:answer|reply|response|output|page|form|mail|url)\b/,
  /(?:the|this) (?:user|human)s? (?:must|should|may|shall) (?:not|never) (?:learn|know|find out|notice|hear|be told|be informed)\b[^.!?]{0,12}\b(?:this|it)\b/,
]

/** Tried anywhere. */
export const TO_ANY_MODEL =
  /\b(?:ais?|llms?|language models?|ai (?:assistants?|agents?|models?|systems?|tools?)|assistants?|chatbots?|bots|models?|agents?)(?: (?:that|which|who))?(?: (?:is|are))? (?:read|process|summari[sz]|pars|index|review|analy[sz]|ingest|scan|handl|see)(?:s|es|ing|e)? (?:this|these)\b[^.!?]{0,30}(?:\b(?:must|should|shall|ha(?:s|ve) to|will|needs? to|is to|are to)\b|:)|\bif this (?:is|gets) (?:being )?(?:read|processed|summari[sz]ed|parsed) by an? (?:ai|llm|language model|assistant|model|bot|agent)\b|(?:^|[.!?] ?)(?:to|an|aan|à|a|ai|agli|alle|do|dla|для) ?(?:any|all[e]?|every|tout(?:e?s)?|todos?|todas?|tutt[ie]|wszystkich|всех)[^.!?:]{0,12}?(?<!\p{L})(?:ais?|ias?|ki|ии|llms?|modell?[eoisy]?|modelos|modelli|assistent\p{L}{0,4}|asistentes?|asystent\p{L}{0,3}|sprachmodelle|(?:ki|ia|ai)-\p{L}{1,14})(?!\p{L})[^.!?:]{0,30}:/u
/** What claims to come from whoever runs the model. */
export const CLAIMS_POWER =
  /^\W{0,6}(?:(?:new |updated )?system (?:message|prompt|override|instructions?|notice|directive)|(?:developer|admin|administrator|root|security|safety|policy|debug) (?:override|mode|access|command|instruction)s?) ?[:\]]|^\W{0,6}system ?: ?(?:the user\b|you\b|grant\b|allow\b)/
