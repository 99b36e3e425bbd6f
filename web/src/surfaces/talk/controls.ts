// What a surface answers on which nothing is drawn: it takes the focus, and arrows move in it.

import type { SurfaceControls } from '../../engine/surface'

export interface Moves {
  readonly up: () => void
  readonly down: () => void
  readonly left?: () => void
  readonly right?: () => void
}

export function stillControls(host: { readonly current: HTMLElement | null }, moves: Moves): SurfaceControls {
  const { up, down, left = up, right = down } = moves
  return {
    focus: () => host.current?.focus({ preventScroll: true }),
    fit: () => undefined,
    zoom: () => undefined,
    zoomToSelection: () => false,
    step: (by) => (by > 0 ? right() : left()),
    reveal: () => undefined,
    inSight: () => [],
    arrow: (by) => (by.y > 0 ? down() : by.y < 0 ? up() : by.x > 0 ? right() : left()),
    enter: () => undefined,
    cancel: () => false,
    doing: () => null,
    back: () => undefined,
    removeCorner: () => undefined,
    holdSpace: () => false,
    pointer: () => ({ x: 0, y: 0 }),
    marked: () => null,
  }
}
