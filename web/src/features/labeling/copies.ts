// Copies of annotations: to paste, to duplicate, or the last item's answers once more.

import type { Annotation } from '../../engine/types'
import type { Screen } from './screen'

export class Copies {
  private clipboard: readonly Annotation[] = []

  constructor(private readonly screen: Screen) {}

  /** What is selected is pasted next. */
  take(): void {
    this.clipboard = this.screen.selected
  }

  get canPaste(): boolean {
    return this.clipboard.length > 0
  }

  paste(): void {
    this.add(this.clipboard, this.clipboard.some((a) => this.screen.work?.store.get(a.id)))
  }

  duplicate(): void {
    this.add(this.screen.selected, true)
  }

  /** The last item's answers on this one; what is there already stays. */
  repeat(): void {
    const { work, session } = this.screen
    if (work === null) return
    const fresh = session.lastAnnotations.filter((a) => work.field(a.field)?.many || work.store.get(a.field) === null)
    work.addCopies(fresh)
  }

  /** Copies of annotations; moved a little where they would lie exactly on those they come from. */
  private add(annotations: readonly Annotation[], aside: boolean): void {
    const { work, kinds, view } = this.screen
    if (work === null) return
    const ids = work.addCopies(annotations, (annotation) => {
      const kind = kinds.get(annotation.kind)
      const stream = annotation.on?.stream
      const facts = stream ? work.task.item.streams[stream]?.facts : undefined
      if (kind?.surface !== 'canvas' || !facts || !kind.isShape(annotation.value)) return annotation.value
      // On a smaller picture a shape from another one must not lie outside.
      return kind.moveBy(annotation.value, aside ? { x: 12, y: 12 } : { x: 0, y: 0 }, { width: facts.width ?? Infinity, height: facts.height ?? Infinity })
    })
    view.select(...ids)
  }
}
