// Strokes on masks: at once where they are small, in a worker where the page would stop for them.

import type { Painted, Stroke } from '../engine/kind'
import { known, type Mask, pixels } from './masks'
import type { Answered, Asked } from './stroke.worker'
import { type After, type Outcome, stroked } from './stroking'

/** Characters of run lengths, about as many as begins and ends of runs, of which a stroke takes a few milliseconds. */
const SMALL = 4_000
/** A way of so many points, or a part of the picture of so many runs, takes about as long. */
const SHORT = 150

type Settle = (outcome: Outcome | null) => void

/** What strokes need of a worker. */
export interface Port {
  onmessage: ((event: MessageEvent<Answered>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(asked: Asked): void
}

/** Strokes that are worked out elsewhere, by their numbers; without workers, and where one breaks, here. */
export class Away {
  private port: Port | null = null
  private next = 0
  private readonly waiting = new Map<number, { readonly stroke: Stroke<Mask>; readonly settle: Settle }>()

  /** `open` starts a worker; null where there are none. */
  constructor(private readonly open: () => Port | null) {}

  ask(stroke: Stroke<Mask>): Outcome | null | Promise<Outcome | null> {
    const port = (this.port ??= this.opened())
    if (port === null) return stroked(stroke, pixels)
    const id = (this.next += 1)
    return new Promise((settle) => {
      this.waiting.set(id, { stroke, settle })
      port.postMessage({ id, stroke })
    })
  }

  private opened(): Port | null {
    const port = this.open()
    if (port === null) return null
    port.onmessage = ({ data: { id, outcome } }) => {
      this.waiting.get(id)?.settle(outcome)
      this.waiting.delete(id)
    }
    port.onerror = () => {
      this.port = null
      const all = [...this.waiting.values()]
      this.waiting.clear()
      for (const { stroke, settle } of all) settle(stroked(stroke, pixels))
    }
    return port
  }
}

const away = new Away(() => (typeof Worker === 'undefined' ? null : new Worker(new URL('./stroke.worker.ts', import.meta.url), { type: 'module' })))

/** Masks after a stroke; see `Paint`. */
export function painted(stroke: Stroke<Mask>): Painted<Mask> | null | Promise<Painted<Mask> | null> {
  const outcome = isSmall(stroke) ? stroked(stroke, pixels) : away.ask(stroke)
  return outcome instanceof Promise ? outcome.then((found) => landed(stroke, found)) : landed(stroke, outcome)
}

function isSmall({ drawn, target, others, firm }: Stroke<Mask>): boolean {
  const size = [target, ...others, ...firm].reduce((sum, mask) => sum + (mask?.counts.length ?? 0), 0)
  const length = drawn.type === 'way' ? drawn.way.length : drawn.type === 'runs' ? drawn.runs.length / 20 : drawn.value.counts.length / 20
  return size <= SMALL && length <= SHORT
}

function landed({ target, others }: Stroke<Mask>, outcome: Outcome | null): Painted<Mask> | null {
  if (outcome === null) return null
  return { target: after(target, outcome.target), others: others.map((was, i) => after(was, outcome.others[i] ?? null)) }
}

function after(was: Mask | null, found: After): Mask | null {
  if (found === 'same') return was
  return found && known(found.mask, found.pixels)
}
