// Which streams are covered now: each item begins covered, unless the person wants all of this project shown.

import { type Command, command } from '../../engine/command'
import { isVeiled } from '../../engine/schema'
import type { Work } from '../../engine/work'
import { kept, keep } from './choices'
import { m } from './messages'
import type { Screen } from './screen'

export class Veils {
  private readonly lifted = new WeakSet<Work>()
  private always: boolean

  constructor(private readonly screen: Screen) {
    this.always = kept(this.place) === 'lifted'
  }

  /** Whether a stream lies under a veil now. */
  covers(stream: string | null | undefined): boolean {
    const { work } = this.screen
    return work !== null && !this.always && !this.lifted.has(work) && this.mayCover(stream)
  }

  /** Whether the open item has anything to cover. */
  get isAsked(): boolean {
    const { work } = this.screen
    return work !== null && Object.keys(work.task.item.streams).some((stream) => this.mayCover(stream))
  }

  get isAlwaysLifted(): boolean {
    return this.always
  }

  /** Lifts the veil of this item, or lets it down again. */
  toggle(): void {
    const { work } = this.screen
    if (work === null) return
    if (this.always) this.setAlways(false)
    else if (!this.lifted.delete(work)) this.lifted.add(work)
    this.screen.changed()
  }

  setAlways(always: boolean): void {
    this.always = always
    keep(this.place, always ? 'lifted' : 'down')
    this.screen.changed()
  }

  private mayCover(stream: string | null | undefined): boolean {
    const { work, schema } = this.screen
    return work !== null && stream != null && isVeiled(schema.streams.find(({ key }) => key === stream), work.task.item.metadata)
  }

  private get place(): string {
    const { projectId, personId } = this.screen.options
    return `veil.${projectId}.${personId ?? ''}`
  }
}

export const VEIL_COMMANDS: readonly Command<Screen>[] = [
  command<Screen>({ id: 'view.veil', title: m.commands.veil, group: m.groups.view, keys: ['Shift+U'], icon: 'eyeoff', when: (s) => s.veils.isAsked && s.dialog === null, run: (s) => s.veils.toggle() }),
  command<Screen>({ id: 'view.veils', title: m.commands.veils, group: m.groups.view, keys: [], icon: 'eyeoff', when: (s) => s.veils.isAsked && s.dialog === null, run: (s) => s.veils.setAlways(!s.veils.isAlwaysLifted) }),
]
