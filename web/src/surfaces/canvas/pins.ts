// Pins on a picture: buttons over the canvases that stay at their places. Without pins nothing is done in a frame; while
// the person pans one style is written for all of them, and only where the scale changes one for each.

import type { Bounds } from '../../engine/space'
import type { Pin, Pins } from '../../engine/pins'
import type { Camera } from './camera'

interface Standing {
  readonly element: HTMLElement
  readonly x: number
  readonly y: number
  /** How many stand at the same place before it. */
  readonly nth: number
}

const STEP_PX = 16

export class PinLayer {
  private readonly box = document.createElement('div')
  private standing: readonly Standing[] = []
  private drawn: Camera | null = null
  private readonly stop: () => void

  constructor(
    host: HTMLElement,
    private readonly pins: Pins,
    private readonly stream: string,
    /** Where an annotation lies, null where it is not here or not shown. */
    private readonly boundsOf: (annotation: string) => Bounds | null,
    /** Asks for a frame. */
    private readonly ask: () => void,
  ) {
    this.box.className = 'pins'
    // What is pressed on a pin is not drawn on the picture.
    for (const name of ['pointerdown', 'pointerup', 'dblclick', 'contextmenu', 'keydown'] as const) this.box.addEventListener(name, (event) => event.stopPropagation())
    host.append(this.box)
    this.stop = pins.subscribe(() => this.place())
    this.place()
  }

  end(): void {
    this.stop()
    this.box.remove()
  }

  /** Puts the pins at their places anew: pins came or went, or what they are about did. */
  place(): void {
    if (this.pins.list.length === 0 && this.standing.length === 0) return
    const taken = new Map<string, number>()
    this.standing = this.pins.list.flatMap((pin) => {
      const at = this.pointOf(pin)
      if (at === null) return []
      const key = `${Math.round(at.x)} ${Math.round(at.y)}`
      const nth = taken.get(key) ?? 0
      taken.set(key, nth + 1)
      return [{ ...at, nth, element: this.made(pin) }]
    })
    this.box.replaceChildren(...this.standing.map(({ element }) => element))
    this.drawn = null
    this.ask()
  }

  /** Follows the picture, in a frame that is drawn anyway. */
  follow(camera: Camera): void {
    if (this.standing.length === 0) return
    const { drawn } = this
    if (drawn !== null && drawn.x === camera.x && drawn.y === camera.y && drawn.scale === camera.scale) return
    this.box.style.transform = `translate(${Math.round(camera.x)}px, ${Math.round(camera.y)}px)`
    if (drawn?.scale !== camera.scale) for (const { element, x, y, nth } of this.standing) element.style.transform = `translate(${Math.round(x * camera.scale) + nth * STEP_PX}px, ${Math.round(y * camera.scale)}px)`
    this.drawn = camera
  }

  private pointOf(pin: Pin): { x: number; y: number } | null {
    const bounds = pin.annotation === null ? null : this.boundsOf(pin.annotation)
    if (bounds !== null) return { x: bounds.maxX, y: bounds.minY }
    if (pin.region === null || pin.stream !== this.stream) return null
    const [left, top, width] = pin.region
    return { x: left + width, y: top }
  }

  private made(pin: Pin): HTMLElement {
    const element = document.createElement('button')
    element.type = 'button'
    element.className = `pin keep-focus ${pin.state}`
    element.title = pin.title
    element.setAttribute('aria-label', pin.title)
    element.textContent = String(pin.count)
    element.addEventListener('click', () => this.pins.open(pin))
    return element
  }
}
