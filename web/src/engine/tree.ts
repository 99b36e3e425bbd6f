// What a stream of a conversation that branches holds, as the server sends it, and the one path of it that is shown.

import type { Turn } from './talk'

export interface Message extends Turn {
  readonly key: string
  /** The message that it answers; none for the first. */
  readonly parent?: string
}

/** By message, the reply that is shown; the first where none was chosen. */
export type Chosen = ReadonlyMap<string, string>

export interface Siblings {
  /** From 0 on. */
  readonly place: number
  readonly count: number
  readonly before: string | null
  readonly after: string | null
}

export class Tree {
  private readonly replies = new Map<string, Message[]>()
  private readonly places = new Map<string, number>()

  /** The messages in the order in which this person sees them: all replies to one together, then what follows on each. */
  constructor(readonly messages: readonly Message[]) {
    messages.forEach((message, i) => {
      this.places.set(message.key, i)
      const known = this.replies.get(message.parent ?? '')
      if (known) known.push(message)
      else this.replies.set(message.parent ?? '', [message])
    })
  }

  /** The server checked and wrote the text. */
  static read(text: string): Tree {
    return new Tree(text === '' ? [] : (JSON.parse(text) as readonly Message[]))
  }

  get(key: string): Message | undefined {
    return this.messages[this.placeOf(key)]
  }

  /** Where a message stands among all, from 0 on; -1 for one that is not there. */
  placeOf(key: string): number {
    return this.places.get(key) ?? -1
  }

  /** The messages from the first to the last of the replies chosen. */
  path(chosen: Chosen): Message[] {
    const found: Message[] = []
    for (let at = ''; ; ) {
      const replies = this.replies.get(at) ?? []
      const next = replies.find((reply) => reply.key === chosen.get(at)) ?? replies[0]
      if (next === undefined) return found
      found.push(next)
      at = next.key
    }
  }

  /** What must be chosen so that a message is on the path; what was chosen elsewhere stays. */
  towards(key: string, chosen: Chosen): Chosen {
    const next = new Map(chosen)
    for (let at = this.get(key); at !== undefined; at = this.get(at.parent ?? '')) next.set(at.parent ?? '', at.key)
    return next
  }

  /** The place of a message among the replies to the same message. */
  siblings(key: string): Siblings {
    const all = this.replies.get(this.get(key)?.parent ?? '') ?? []
    const place = all.findIndex((message) => message.key === key)
    return { place, count: all.length, before: all[place - 1]?.key ?? null, after: all[place + 1]?.key ?? null }
  }

  /** Every message with how many stand above it, all that follows on one reply before the next. */
  nested(): readonly { readonly message: Message; readonly depth: number }[] {
    const found: { readonly message: Message; readonly depth: number }[] = []
    const under = (key: string, depth: number) => (this.replies.get(key) ?? []).map((message) => ({ message, depth })).reverse()
    const waiting = under('', 0)
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      found.push(next)
      waiting.push(...under(next.message.key, next.depth + 1))
    }
    return found
  }
}
