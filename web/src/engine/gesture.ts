// Gestures: generators that yield previews, are sent inputs, and return a value or null.

export interface Point {
  readonly x: number
  readonly y: number
}

/** What is known of a pointer beside its place. */
export interface Aim {
  readonly shift?: boolean
  /** How far a pointer may miss what it means, in pixels of the picture: it depends on the zoom. */
  readonly reach?: number
}

export type GestureInput =
  | ({ readonly type: 'move'; readonly point: Point } & Aim)
  | ({ readonly type: 'up'; readonly point: Point } & Aim)
  | ({ readonly type: 'down'; readonly point: Point } & Aim)
  /** One of the kind's sayings: by key, or with a place by the second button of the pointer. */
  | ({ readonly type: 'say'; readonly what: string; readonly point?: Point } & Aim)
  /** Takes the last step back. */
  | { readonly type: 'back' }
  | { readonly type: 'finish' }
  | { readonly type: 'cancel' }

/** Yields a preview after each input; ends with the value, or with null when nothing was made. */
export type Gesture<V, Preview = V> = Generator<Preview, V | null, GestureInput>

/** Runs a gesture to its end, for tests and for places that have all inputs at once. */
export function play<V>(gesture: Gesture<V, unknown>, inputs: readonly GestureInput[]): V | null {
  let step = gesture.next()
  for (const input of inputs) {
    if (step.done) break
    step = gesture.next(input)
  }
  return step.done ? step.value : null
}

/** A gesture under way: the last preview, and whether it ended. */
export class Running<V, Preview = V> {
  preview: Preview | null = null
  result: V | null = null
  done = false

  constructor(private readonly gesture: Gesture<V, Preview>) {
    this.take(gesture.next())
  }

  send(input: GestureInput): void {
    if (!this.done) this.take(this.gesture.next(input))
  }

  private take(step: IteratorResult<Preview, V | null>): void {
    if (step.done) {
      this.done = true
      this.result = step.value
    } else {
      this.preview = step.value
    }
  }
}

export const at = (x: number, y: number): Point => ({ x, y })
export const move = (x: number, y: number): GestureInput => ({ type: 'move', point: { x, y } })
export const up = (x: number, y: number): GestureInput => ({ type: 'up', point: { x, y } })
export const down = (x: number, y: number): GestureInput => ({ type: 'down', point: { x, y } })
export const cancel: GestureInput = { type: 'cancel' }
export const finish: GestureInput = { type: 'finish' }
export const back: GestureInput = { type: 'back' }
export const say = (what: string): GestureInput => ({ type: 'say', what })
