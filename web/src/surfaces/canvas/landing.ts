// Where a stroke goes, once its pixels are found: onto a shape, or as one of its own. Large ones land later, each in its turn.

import type { Point } from '../../engine/gesture'
import type { Drawn, Painted } from '../../engine/kind'
import type { Annotation, Id, Json } from '../../engine/types'
import type { Brush } from './paint'
import type { HandHost, Tool } from './pen'

/** A stroke that has not landed yet, and how it looks until then. */
export interface Landing {
  /** The shape under it, which is drawn with it. */
  readonly target: Id | null
  shown(brush: Brush): void
}

/** What a stroke does, and where it began. */
export interface Goal {
  readonly erases: boolean
  readonly target: Annotation | null
  readonly from: Point
  readonly shown?: (brush: Brush) => void
  /** Whether what is shown has the shape under it too. */
  readonly covers?: boolean
}

/** The shape that a stroke goes to: the selected one, the one of its label, or for an eraser the one under it; else none. */
export function targetOf({ scene, view }: HandHost, { field, label, kind }: Tool, at: Point, erases: boolean): Annotation | null {
  const { store } = scene.work
  const selected = view.single === null ? null : store.get(view.single)
  if (selected?.field === field.key) return selected
  if (!field.many) return store.get(field.key)
  const ones = store.list().filter((a) => a.field === field.key)
  if (!erases) return (kind.paint?.isOnePerLabel(field) && ones.find((a) => a.label === label)) || null
  return scene.at(at, 0).find((a) => a.field === field.key && !view.hides(a.id)) ?? null
}

/** Puts a stroke where it belongs, as one step to undo; with fields of exclusive pixels, others give theirs. */
export function keepStroke(host: HandHost, tool: Tool, drawn: Drawn<Json>, goal: Goal): void {
  const { scene: { work }, landing, stage } = host
  const over: Landing = { target: goal.covers ? (goal.target?.id ?? null) : null, shown: goal.shown ?? (() => undefined) }
  const isBehind = work.turns.isBusy
  landing.add(over)
  const done = (): void => {
    landing.delete(over)
    stage.touchTop()
  }
  work.turns.take(() => {
    // What was begun by the stroke before it, this one goes on with.
    const known = goal.target ?? (isBehind && !host.isLeft() ? targetOf(host, tool, goal.from, goal.erases) : null)
    const landed = land(host, tool, drawn, { erases: goal.erases, target: known?.id ?? null })
    if (landed === undefined) return done()
    return landed.finally(done)
  })
}

function land(host: HandHost, tool: Tool, drawn: Drawn<Json>, { erases, target }: { readonly erases: boolean; readonly target: Id | null }): void | Promise<void> {
  const { field, kind: { paint } } = tool
  const { work } = host.scene
  const now = target === null ? null : work.store.get(target)
  // A shape that was removed meanwhile takes its strokes with it, and one that is locked takes none.
  if (paint === undefined || (target === null ? erases : now === null || !work.allows(target))) return
  const near = !erases && paint.isExclusive(field) ? work.store.list().filter((a) => a.field === field.key && a.id !== target) : []
  const [others, firm] = [near.filter((a) => work.allows(a.id)), near.filter((a) => !work.allows(a.id))]
  const painted = paint.paint({ drawn, erases, target: now?.value ?? null, others: others.map(valueOf), firm: firm.map(valueOf), size: host.picture })
  const commit = (found: Painted<Json> | null): void => {
    if (found === null) return
    const values = new Map<Id, Json | null>([...(now ? [[now.id, found.target] as const] : []), ...others.map((a, i) => [a.id, found.others[i] ?? null] as const)])
    const id = work.paint(values, now === null && found.target !== null ? { field, label: tool.label, value: found.target } : null) ?? now?.id
    if (id !== undefined && !host.isLeft()) host.view.select(...(work.store.get(id) ? [id] : []))
  }
  if (!(painted instanceof Promise)) return commit(painted)
  return painted.then((found) => {
    const isAsBefore = [...(now ? [now] : []), ...others, ...firm].every((was) => work.store.get(was.id)?.value === was.value)
    return isAsBefore ? commit(found) : land(host, tool, drawn, { erases, target })
  })
}

const valueOf = ({ value }: Annotation): Json => value
