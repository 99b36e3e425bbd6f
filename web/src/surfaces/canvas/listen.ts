// Pointer, wheel and touch events of a picture, as one hand understands them.

import type { Point } from '../../engine/gesture'
import type { Hand } from './hand'

interface Target {
  readonly hand: Hand
  lastPointer: Point
  wheel(at: Point, delta: number): void
  panBy(by: Point): void
  /** Whether a turn of the wheel is left to the browser. */
  scrolls(event: WheelEvent): boolean
}

/** Listens until the returned function is called. */
export function listen(element: HTMLElement, target: Target, onActivity: () => void): () => void {
  const fingers = new Map<number, Point>()
  const at = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const down = (event: PointerEvent): void => {
    element.focus({ preventScroll: true })
    element.setPointerCapture(event.pointerId)
    if (event.pointerType === 'touch') fingers.set(event.pointerId, at(event))
    if (fingers.size === 2) target.hand.letGo()
    else target.hand.down(at(event), event.button, event)
    if (event.button === 1) event.preventDefault()
    onActivity()
  }
  const move = (event: PointerEvent): void => {
    target.lastPointer = at(event)
    const finger = fingers.get(event.pointerId)
    if (finger && fingers.size === 2) pinch(fingers, event.pointerId, at(event), target)
    else target.hand.move(at(event), event)
    if (finger) fingers.set(event.pointerId, at(event))
    if (event.buttons !== 0) onActivity()
  }
  const up = (event: PointerEvent): void => {
    const pinched = fingers.size === 2
    fingers.delete(event.pointerId)
    if (!pinched) target.hand.up(at(event), event)
  }
  const lost = (event: PointerEvent): void => {
    fingers.delete(event.pointerId)
    target.hand.letGo()
  }
  const leave = (): void => target.hand.leave()
  const wheel = (event: WheelEvent): void => {
    if (target.scrolls(event)) return onActivity()
    event.preventDefault()
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    // A pinch on a touch pad arrives as Ctrl+wheel with small steps.
    const isNotch = event.altKey || (event.ctrlKey && Math.abs(event.deltaY) * unit >= 20)
    if (isNotch && target.hand.resizeBrush(event.deltaY < 0 ? 1 : -1)) return onActivity()
    if (event.shiftKey) target.panBy({ x: -(event.deltaX || event.deltaY) * unit, y: 0 })
    else target.wheel(at(event), event.deltaY * unit * (event.ctrlKey && Math.abs(event.deltaY) < 20 ? 4 : 1))
    onActivity()
  }
  const handlers = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: lost, pointerleave: leave, auxclick: stop, contextmenu: stop }
  for (const [name, handler] of Object.entries(handlers)) element.addEventListener(name, handler as EventListener)
  element.addEventListener('wheel', wheel, { passive: false })
  return () => {
    for (const [name, handler] of Object.entries(handlers)) element.removeEventListener(name, handler as EventListener)
    element.removeEventListener('wheel', wheel)
  }
}

/** Two fingers: the distance zooms, the middle pans. */
function pinch(fingers: ReadonlyMap<number, Point>, moved: number, to: Point, target: Target): void {
  const was = [...fingers.values()]
  const now = [...fingers].map(([id, point]) => (id === moved ? to : point))
  const [a, b, c, d] = [was[0], was[1], now[0], now[1]]
  if (!a || !b || !c || !d) return
  const middle = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2 }
  target.panBy({ x: middle.x - (a.x + b.x) / 2, y: middle.y - (a.y + b.y) / 2 })
  target.wheel(middle, -Math.log(Math.hypot(c.x - d.x, c.y - d.y) / Math.max(1, Math.hypot(a.x - b.x, a.y - b.y))) * 400)
}

function stop(event: Event): void {
  event.preventDefault()
}
