// What is talked about on an item, as pins at the places that are meant. Surfaces show them; who opens one is told.

import { Signal } from './signal'
import type { Id } from './types'

export interface Pin {
  /** The thread's. */
  readonly id: Id
  /** What it is about, where that is an annotation. */
  readonly annotation: Id | null
  readonly stream: string | null
  /** Left, top, width and height in the picture, for what is no longer there or another's. */
  readonly region: readonly [number, number, number, number] | null
  readonly state: 'open' | 'answered' | 'ruled'
  /** How many messages it has. */
  readonly count: number
  /** As it is read out: how it begins. */
  readonly title: string
}

const NONE: readonly Pin[] = []

export class Pins extends Signal {
  list: readonly Pin[] = NONE
  /** The thread that is asked for, and how many have been: the same one may be asked for again. */
  opened: { readonly id: Id; readonly nth: number } | null = null
  /** Brings what a pin is about near, before its thread is shown. */
  onOpen: (pin: Pin) => void = () => undefined
  private of = new Map<Id, Pin[]>()

  set(list: readonly Pin[]): void {
    if (list.length === 0 && this.list.length === 0) return
    this.list = list
    this.of = new Map()
    for (const pin of list) if (pin.annotation !== null) this.of.set(pin.annotation, [...(this.of.get(pin.annotation) ?? []), pin])
    this.changed()
  }

  at(annotation: Id): readonly Pin[] {
    return this.of.get(annotation) ?? NONE
  }

  open(pin: Pin): void {
    this.opened = { id: pin.id, nth: (this.opened?.nth ?? 0) + 1 }
    this.onOpen(pin)
    this.changed()
  }
}
