// Moving shapes as they are: dragged by the pointer, or by steps of a key.

import type { Point } from '../../engine/gesture'
import type { Id, Json } from '../../engine/types'
import { isClick } from './choosing'
import type { HandHost } from './pen'

/** Shapes that are dragged, with their values where they are now. */
export interface Drag {
  readonly type: 'move'
  readonly ids: readonly Id[]
  readonly from: Point
  values: ReadonlyMap<Id, Json>
  moved: boolean
}

/** Takes hold of what is selected on this picture. */
export function grasp({ scene, view }: HandHost, from: Point): Drag {
  const ids = [...view.state.selection].filter((id) => scene.space.bounds(id) !== null)
  return { type: 'move', ids, from, values: new Map(), moved: false }
}

export function drag(host: HandHost, grip: Drag, to: Point): void {
  if (!grip.moved && isClick(grip.from, to, host.stage.camera.scale)) return
  grip.moved = true
  grip.values = moved(host, grip.ids, { x: to.x - grip.from.x, y: to.y - grip.from.y })
}

/** The values of shapes moved by some pixels of the picture, without those that are pinned or not the person's to change. */
export function moved({ scene, picture, view }: HandHost, ids: readonly Id[], by: Point): Map<Id, Json> {
  const found = ids.filter((id) => scene.space.has(id) && view.allows(id) && !view.state.pinned.has(id)).map((id) => scene.work.store.get(id)).filter((a) => a !== null)
  return new Map(found.flatMap((a) => {
    const kind = scene.kindOf(a)
    return kind ? [[a.id, kind.moveBy(a.value, by, picture)] as const] : []
  }))
}
