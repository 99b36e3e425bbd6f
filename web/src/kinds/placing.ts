// Placing keypoints one after another, as the template has them, or all at once in a box.

import type { Gesture, GestureInput, Point } from '../engine/gesture'
import type { Size } from '../engine/kind'
import { placed } from './rings'
import type { Skeleton } from './skeleton'

/** x, y and how visible it is: 0 not there, 1 occluded, 2 visible. */
export type Keypoint = readonly [x: number, y: number, seen: number]
export type Keypoints = readonly Keypoint[]

/** What is placed so far, and the point under the pointer. */
export type Placing = {
  readonly set: Keypoints
  /** The point that comes next; null while the whole template is stretched. */
  readonly next: number | null
  readonly at: Keypoint | null
}

export const ABSENT: Keypoint = [0, 0, 0]
/** A first press that is dragged so far places the whole template; in pixels of the picture where the pointer does not say. */
const DRAG_PX = 16
const DRAG_REACH = 2

export const SAID = { occluded: 'occluded', absent: 'absent' } as const

/**
 * A press sets the next point, which follows the pointer until it is let go; the first one dragged far stretches the whole
 * template. `start` is the first press; null where something was said before. With `base`, its missing points are placed.
 */
export function* placing(start: Point | null, size: Size, skeleton: Skeleton, base: Keypoints | null): Gesture<Keypoints, Placing> {
  const hand = new Hand(skeleton, base, size)
  if (start !== null) hand.press(start)
  while (!hand.isDone) {
    const whole: Keypoints | null = hand.whole()
    const input: GestureInput = yield { set: whole ?? hand.set, next: whole ? null : hand.next, at: whole ? null : hand.hovering() }
    if (input.type === 'cancel') return null
    if (input.type === 'finish') break
    if (input.type === 'up' && whole !== null) return whole
    if (input.type === 'back' && !hand.back()) return null
    hand.take(input)
  }
  return base !== null || hand.set.some(([, , seen]) => seen > 0) ? hand.set : null
}

/** What is placed, which point is next and how visible it will be, and the press that lasts. */
class Hand {
  readonly set: Keypoint[]
  /** The points to be placed, in their order. */
  private readonly order: readonly number[]
  private step = 0
  private seen = 2
  private at: Point | null = null
  private pressed: Point | null = null
  /** Where a press is that has gone far. */
  private far: Point | null = null

  constructor(
    private readonly skeleton: Skeleton,
    private readonly base: Keypoints | null,
    private readonly size: Size,
  ) {
    this.order = skeleton.points.map((_, i) => i).filter((i) => !base?.[i]?.[2])
    this.set = skeleton.points.map((_, i) => base?.[i] ?? ABSENT)
  }

  get isDone(): boolean {
    return this.pressed === null && this.step >= this.order.length
  }

  get next(): number | null {
    return this.order[this.step] ?? null
  }

  /** The next point under the pointer, while nothing is pressed. */
  hovering(): Keypoint | null {
    return this.at === null || this.pressed !== null || this.next === null ? null : [...placed(this.at, this.size), this.seen]
  }

  whole(): Keypoints | null {
    return this.far === null || this.pressed === null ? null : stretched(this.skeleton, this.pressed, this.far, this.size)
  }

  take(input: GestureInput): void {
    if (input.type === 'say' && input.what === SAID.absent) this.skip()
    if (input.type === 'say' && input.what === SAID.occluded) {
      this.seen = input.point !== undefined || this.seen === 2 ? 1 : 2
      if (input.point) this.press(input.point)
    }
    if (input.type === 'down') this.press(input.point)
    if (input.type === 'move') this.move(input.point, input.reach)
    if (input.type === 'up') this.far = null
    // By keyboard nothing is let go: the cross moves on without what it set.
    if (input.type === 'up' || (input.type === 'down' && input.reach === 0)) this.pressed = null
  }

  press(point: Point): void {
    const { next } = this
    if (next === null) return
    this.set[next] = [...placed(point, this.size), this.seen]
    this.at = point
    this.pressed = point
    this.step += 1
    this.seen = 2
  }

  /** Takes the last point back; false where there is none. */
  back(): boolean {
    const last = this.order[this.step - 1]
    if (last === undefined) return false
    this.set[last] = ABSENT
    this.step -= 1
    this.seen = 2
    this.pressed = null
    this.far = null
    return true
  }

  private skip(): void {
    this.step += 1
    this.seen = 2
    this.pressed = null
    this.far = null
  }

  private move(point: Point, reach: number = DRAG_PX / DRAG_REACH): void {
    const last = this.order[this.step - 1]
    this.at = point
    if (reach === 0) this.pressed = null
    if (this.pressed === null || last === undefined) return
    const isFar = Math.hypot(point.x - this.pressed.x, point.y - this.pressed.y) > DRAG_REACH * reach
    this.far = isFar && this.step === 1 && this.base === null && this.order.length > 1 ? point : null
    this.set[last] = [...placed(point, this.size), this.set[last]?.[2] ?? 2]
  }
}

/** The template in the box between two points, all visible. */
function stretched({ places }: Skeleton, a: Point, b: Point, size: Size): Keypoints {
  const [left, top] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  const [wide, high] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)]
  return places.map(({ x, y }) => [...placed({ x: left + x * wide, y: top + y * high }, size), 2] as const)
}
